"""The lines of the table about reading lists; `table` says how to read them."""

from collections.abc import Iterator, Mapping

from tests.trust.rules import Gate, Page

READ, FORM, ACT = {"GET": 200}, {"GET": 200, "POST": 200}, {"GET": 200, "POST": 302}
ONE, ONE_ITEM = {"ref": "REF"}, {"ref": "REF", "postmortem": "INSIDE"}
INSIDE = {"postmortem": "INSIDE"}
# Of what a team shares its writers change what stands in it, too.
KINDS = (("reading list", "saved it"), ("reading list of a team", "writes in the team"))


def of_lists(name: str, answers: Mapping[str, int], **more: object) -> Iterator[Page]:
    """A page of both kinds of lists."""
    gate = more.pop("gate", Gate.SIGN_IN)
    for about, _fills in KINDS:
        yield Page(name, gate, answers, about=about, kwargs=ONE, **more)


def filling(name: str, body: Mapping[str, str]) -> Iterator[Page]:
    """A page that changes what stands in one."""
    for about, fills in KINDS:
        answers = {"POST": 302}
        yield Page(
            name, Gate.SIGN_IN, answers, about=about, kwargs=ONE, may_change=fills, body=body
        )


def of_api(name: str, answers: Mapping[str, int], kwargs: Mapping[str, str]) -> Iterator[Page]:
    """The same of the API."""
    for about, fills in KINDS:
        yield Page(f"api:{name}", Gate.API, answers, about=about, kwargs=kwargs, may_change=fills)


READING_PAGES = (
    Page("reading-lists", Gate.OPEN, READ),
    Page("reading-list-new", Gate.SIGN_IN, FORM),
    *of_lists("reading-list", READ, gate=Gate.OPEN),
    *of_lists("reading-list", READ, gate=Gate.OPEN, query="?print"),
    *of_lists("reading-list-edit", FORM, may="saved it"),
    *of_lists("reading-list-delete", ACT, may="saved it or administers"),
    *filling("reading-list-order", {"up": "INSIDE"}),
    # Nothing is changed: who may put words before everybody is another right.
    *filling("reading-list-why", INSIDE | {"why": ""}),
    *filling("reading-list-remove", INSIDE),
)
READING_API_PAGES = (
    Page("api:reading-lists", Gate.API, {"GET": 200, "POST": 415}),
    *(
        Page(
            "api:reading-list",
            Gate.API,
            {"GET": 200, "PATCH": 415, "DELETE": 204},
            about=about,
            kwargs=ONE,
            may_change={"PATCH": "saved it", "DELETE": "saved it or administers"},
        )
        for about, _fills in KINDS
    ),
    *of_api("reading-list-items", {"GET": 200, "POST": 415}, ONE),
    *of_api("reading-list-item", {"GET": 200, "PATCH": 415, "DELETE": 204}, ONE_ITEM),
    *of_api("reading-list-order", {"GET": 200, "PUT": 428}, ONE),
)
