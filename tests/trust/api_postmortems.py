"""The addresses of the API below a postmortem, as lines of the table."""

from collections.abc import Mapping

from tests.trust.rules import Gate, Page, of_postmortem

WHOLE = (
    '{"title": "A secret", "classifications": [{"vocabulary": "cause", "term": "network/dns"},'
    ' {"vocabulary": "severity", "term": "sev3"}, {"vocabulary": "kind", "term": "outage"}]}'
)
NOTHING, WORDS = "{}", '{"text": "A word"}'
OPEN_STILL = {"draft": 200, "in_review": 200, "published": 409, "archived": 409}
FINISHED = {"draft": 409, "in_review": 409, "published": 200, "archived": 200}
IN_REVIEW = {"draft": 409, "in_review": 200, "published": 409, "archived": 409}
ONE_CHANGED = {"GET": 200, "PATCH": 200, "DELETE": 204}


def verb(name: str, answers: object, may: str, json: str = NOTHING, **more: object) -> Page:
    """Something that is done to a postmortem."""
    told = {"POST": answers}
    return of_postmortem(
        f"api:postmortem-{name}", Gate.API, told, may_change=may, json=json, **more
    )


def of_content(name: str, answers: Mapping[str, object], **more: object) -> Page:
    """A part of the content; who edits the postmortem changes it."""
    return of_postmortem(f"api:postmortem{name}", Gate.API, answers, may_change="edits", **more)


def of_review(name: str, answers: Mapping[str, object], **more: object) -> Page:
    """A part of the review."""
    return of_postmortem(f"api:postmortem-{name}", Gate.API, answers, sees="review", **more)


def of_history(name: str, **kwargs: str) -> Page:
    """A part of the history."""
    name = f"api:postmortem-{name}"
    return of_postmortem(name, Gate.API_READ, {"GET": 200}, sees="history", kwargs=kwargs)


ANOTHER = {"other": "trst8888"}
COMMENT, COMMENT_OF_ANOTHER = {"pk": "COMMENT"}, {"pk": "71900009"}
PAGES = (
    of_content("", {"GET": 200, "PUT": 200, "PATCH": 200, "DELETE": 204}, json=WHOLE),
    verb("submit", OPEN_STILL, "edits"),
    verb("withdraw", OPEN_STILL, "edits"),
    verb("approve", IN_REVIEW, "approves"),
    verb("request-changes", IN_REVIEW, "approves", '{"comment": "A word"}'),
    verb(
        "publish",
        {"draft": 409, "in_review": 409, "published": 200, "archived": 409},
        "approves",
    ),
    verb("archive", FINISHED, "edits"),
    verb("unarchive", FINISHED, "edits"),
    verb("restore-revision", 200, "edits", '{"revision": 1}'),
    verb("duplicate", 201, "writes somewhere"),
    Page(
        "api:postmortem-restore",
        Gate.API,
        {"POST": 200},
        about="binned",
        may_change="takes out of the bin",
        kwargs={"ref": "REF"},
        json=NOTHING,
    ),
    of_content("-timeline", {"GET": 200, "POST": 201}, json='{"kind": "detect", "text": "x"}'),
    of_content("-timeline-entry", ONE_CHANGED, kwargs={"item_id": "t1"}, json=WORDS),
    of_content("-actions", {"GET": 200, "POST": 201}, json=WORDS),
    of_content("-action", ONE_CHANGED, kwargs={"item_id": "a1"}, json=WORDS),
    of_postmortem("api:postmortem-known", Gate.API_READ, {"GET": 200}),
    of_postmortem(
        "api:postmortem-same-defect",
        Gate.API,
        {"PUT": 200, "DELETE": 204},
        may_change={"PUT": "edits either"},
        kwargs=ANOTHER,
        json=NOTHING,
    ),
    of_postmortem(
        "api:postmortem-dismissal",
        Gate.API,
        {"PUT": 200, "DELETE": 204},
        kwargs=ANOTHER,
        json=NOTHING,
    ),
    of_history("revisions"),
    of_history("revision", number="1"),
    of_history("differences", before="1", after="1"),
    of_review(
        "reviews", {"GET": 200, "PUT": OPEN_STILL}, may_change="edits", json='{"reviewers": []}'
    ),
    of_review("comments", {"GET": 200, "POST": 201}, json=WORDS),
    of_review(
        "comment",
        ONE_CHANGED,
        may_change={"PATCH": "said it", "DELETE": "said it or administers"},
        kwargs=COMMENT,
        json=WORDS,
    ),
    of_review("comment", dict.fromkeys(ONE_CHANGED, 404), kwargs=COMMENT_OF_ANOTHER, json=WORDS),
    of_review("replies", {"POST": 201}, kwargs=COMMENT, json=WORDS),
    of_review("replies", {"POST": 404}, kwargs=COMMENT_OF_ANOTHER, json=WORDS),
    of_review("settle", {"POST": 200}, kwargs=COMMENT, json=NOTHING),
    of_review("settle", {"POST": 404}, kwargs=COMMENT_OF_ANOTHER, json=NOTHING),
    of_review("reopen", {"POST": 200}, kwargs=COMMENT, json=NOTHING),
    of_review("reopen", {"POST": 404}, kwargs=COMMENT_OF_ANOTHER, json=NOTHING),
)
