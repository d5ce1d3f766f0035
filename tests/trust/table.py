"""Who may do what at which address, written down by hand. The matrix asks the site and compares.

Nothing here is taken from the product: the rules are those that people were promised. Whoever adds
an address adds a line to PAGES, and `test_every_address_stands_in_the_table` fails until it is there:

    Page("postmortem-bin", Gate.SIGN_IN, {"GET": 200, "POST": 302}, about="postmortem", may="edits")

reads: visitors are led to sign in; who may not read the postmortem gets 404, who may not edit it 403,
everybody else 200 for GET (and HEAD) and 302 for POST; every other method is 405. `about` says what
of the world the address names (`world.targets` has them, the absent one too), `sees` who is told that
it is there, `may` who gets through, `may_change` who does with a method that changes something (or by method),
and `body` what is sent. An answer that depends on the status of the postmortem is a dictionary by status.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

# --- Who asks -----------------------------------------------------------------------------------

# The postmortems belong to one team. `writer` wrote them and is an author of that team, `guest`
# wrote them too and is in no team any more, `named` stands among their named people and is in none.
PEOPLE = frozenset(
    {
        *("visitor", "deactivated", "outsider", "curator", "named", "guest"),
        *("reader", "author", "reviewer", "lead", "writer", "administrator"),
    }
)
# A deactivated account that was an author and a lead is a visitor to everything.
NOBODY = frozenset({"visitor", "deactivated"})
SIGNED_IN = PEOPLE - NOBODY
TEAM = frozenset({"reader", "author", "reviewer", "lead", "writer"})
AUTHORS = frozenset({"writer", "guest"})
# Tokens are nobody to pages and their owner to the API, for what their scope says.
TOKENS = {
    "writer's read token": ("writer", "read"),
    "writer's write token": ("writer", "write"),
    "writer's admin token": ("writer", "admin"),
    "outsider's read token": ("outsider", "read"),
    "outsider's write token": ("outsider", "write"),
    "outsider's admin token": ("outsider", "admin"),
    "administrator's read token": ("administrator", "read"),
}
# These open nothing of the API, not even what is public: a tool must notice that its key is dead.
DEAD_TOKENS = frozenset({"revoked token", "expired token", "deactivated's token"})
SUBJECTS = (*sorted(PEOPLE), *TOKENS, *sorted(DEAD_TOKENS))

# --- What they ask about ------------------------------------------------------------------------

VISIBILITIES = ("public", "internal", "team", "restricted")
STATUSES = ("draft", "in_review", "published", "archived", "bin")
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
SAFE = ("GET", "HEAD", "OPTIONS")
ABSENT = "absent"

_FINISHED = {
    "public": PEOPLE,
    "internal": SIGNED_IN,
    "team": TEAM | AUTHORS | {"administrator"},
    "restricted": AUTHORS | {"named", "administrator"},
}
_UNFINISHED = {
    "public": TEAM | AUTHORS | {"administrator"},
    "internal": TEAM | AUTHORS | {"administrator"},
    "team": TEAM | AUTHORS | {"administrator"},
    "restricted": AUTHORS | {"named", "administrator"},
}
READS = {
    **{(status, name): _UNFINISHED[name] for status in STATUSES[:2] for name in VISIBILITIES},
    **{(status, name): _FINISHED[name] for status in STATUSES[2:4] for name in VISIBILITIES},
    **{("bin", name): frozenset[str]() for name in VISIBILITIES},
}

# Who is told that a thing is there at all; who is not gets the answer of one that is absent. What is
# said of a postmortem here narrows who reads it.
SEES = {
    "reads": PEOPLE,
    "history": TEAM | AUTHORS | {"administrator"},
    "nobody": frozenset[str](),
}
# What lies in the bin is found by other people than what does not.
FINDS_IN_BIN = AUTHORS | {"lead", "administrator"}
# Things that are not postmortems, by their names in the world.
OWNED = {
    "upload": {"of the writer": frozenset({"writer"})},
    "saved search": {
        "private": frozenset({"writer"}),
        "of the team": TEAM | {"administrator"},
        "of the site": SIGNED_IN,
    },
    "suggestion": {
        "of the writer": frozenset({"writer", "curator", "administrator"}),
        "of the outsider": frozenset({"outsider", "curator", "administrator"}),
    },
}

# Who gets through, of those who are told that it is there.
WRITES_SOMEWHERE = frozenset({"outsider", "author", "reviewer", "lead", "writer", "administrator"})
MAY = {
    "": PEOPLE,
    "signed in": SIGNED_IN,
    "writes somewhere": WRITES_SOMEWHERE,
    "edits": frozenset({"author", "reviewer", "lead", "writer", "administrator"}),
    "approves": frozenset({"reviewer", "lead", "administrator"}),
    "takes out of the bin": frozenset({"lead", "writer", "administrator"}),
    "purges": frozenset({"lead", "administrator"}),
    "curates": frozenset({"curator", "administrator"}),
    "suggests": WRITES_SOMEWHERE | {"curator"},
    "administers": frozenset({"administrator"}),
    "saved it": frozenset({"writer"}),
    "saved it or administers": frozenset({"writer", "administrator"}),
}


# --- The addresses ------------------------------------------------------------------------------


class Gate(Enum):
    """What stands before an address: who is turned away, and whether before the method is looked at."""

    OPEN = "nobody is turned away"
    SIGN_IN = "visitors are led to sign in, whatever the method"
    SIGN_IN_AND_ROLE = "visitors are led to sign in, others refused, whatever the method"
    METHOD_THEN_SIGN_IN = "visitors are led to sign in, with a right method"
    METHOD_THEN_401 = "scripts of pages are told that nobody is signed in, with a right method"
    EDITOR = "as SIGN_IN, but what a visitor sent is shown again with 403"
    API_READ = "the API where nothing can be changed"
    API = "the API: changing needs somebody, and a token with the scope for it"
    API_NOTHING = "nothing of the API: 404 whoever asks how"


@dataclass(frozen=True, eq=False)
class Page:
    """One address, and what it answers to those who get through."""

    name: str
    gate: Gate
    answers: Mapping[str, int | Mapping[str, int]]
    about: str = ""
    sees: str = "reads"
    may: str = ""
    may_change: str | Mapping[str, str] = ""
    kwargs: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    body: Mapping[str, str] = field(default_factory=dict)


def of_postmortem(name: str, gate: Gate, answers: Mapping[str, object], **more: object) -> Page:
    """An address with the ref of a postmortem in it."""
    kwargs = {"ref": "REF"} | dict(more.pop("kwargs", {}))
    return Page(name, gate, answers, about="postmortem", kwargs=kwargs, **more)


# `kwargs` and `body` name what stands in the world: REF, FILE and FORMER are those of the target.
READ, WENT_ON = {"GET": 200}, {"GET": 302}
FORM = {"GET": 200, "POST": 200}
ACT = {"GET": 200, "POST": 302}
ONE_TERM = {"slug": "cause", "pk": "TERM"}
FILE = {"file_id": "FILE", "name": "a.png"}
FORMER_FILE = {"file_id": "FORMER", "name": "a.png"}
PICTURE = {"size": "small"}

POSTMORTEM_PAGES = (
    of_postmortem("postmortem-by-ref", Gate.OPEN, WENT_ON),
    of_postmortem("postmortem", Gate.OPEN, READ, kwargs={"slug": "slug"}),
    of_postmortem("postmortem", Gate.OPEN, WENT_ON, kwargs={"slug": "another"}),
    of_postmortem("postmortem-print", Gate.OPEN, READ),
    of_postmortem("postmortem-markdown", Gate.OPEN, READ),
    of_postmortem("postmortem-similar", Gate.OPEN, READ),
    of_postmortem("postmortem-duplicate", Gate.SIGN_IN, FORM, may="writes somewhere"),
    of_postmortem("postmortem-again", Gate.SIGN_IN, FORM, may="writes somewhere"),
    of_postmortem(
        "postmortem-archive",
        Gate.SIGN_IN,
        {"GET": 200, "POST": {"draft": 409, "in_review": 409, "published": 302, "archived": 302}},
        may="edits",
        body={"act": "archive"},
    ),
    of_postmortem("postmortem-bin", Gate.SIGN_IN, ACT, may="edits"),
    of_postmortem("postmortem-history", Gate.OPEN, READ, sees="history"),
    of_postmortem(
        "postmortem-compare", Gate.OPEN, READ, sees="history", kwargs={"before": "1", "after": "1"}
    ),
    of_postmortem("postmortem-revision", Gate.OPEN, READ, sees="history", kwargs={"number": "1"}),
    of_postmortem(
        "postmortem-restore",
        Gate.OPEN,
        ACT,
        sees="history",
        may="edits",
        kwargs={"number": "1"},
        body={"revision": "1"},
    ),
    of_postmortem("postmortem-edit", Gate.EDITOR, FORM, may="edits"),
    of_postmortem("postmortem-publish", Gate.SIGN_IN, {"POST": 302}, may_change="approves"),
    of_postmortem("postmortem-file", Gate.OPEN, READ, kwargs=FILE),
    of_postmortem("postmortem-file", Gate.OPEN, READ, sees="history", kwargs=FORMER_FILE),
    of_postmortem("postmortem-thumbnail", Gate.OPEN, READ, kwargs=FILE | PICTURE),
    of_postmortem(
        "postmortem-thumbnail", Gate.OPEN, READ, sees="history", kwargs=FORMER_FILE | PICTURE
    ),
    Page("file-by-id", Gate.OPEN, WENT_ON, about="postmortem", kwargs={"file_id": "FILE"}),
    Page("own-file", Gate.OPEN, WENT_ON, about="postmortem", kwargs=FILE),
    Page(
        "own-thumbnail",
        Gate.OPEN,
        READ,
        about="postmortem",
        sees="nobody",
        kwargs=FILE | PICTURE,
    ),
    of_postmortem("draft-others", Gate.METHOD_THEN_401, READ, may="edits"),
    # A ref in what is sent opens no more than one in the address.
    Page(
        "draft-keep",
        Gate.METHOD_THEN_401,
        {"POST": 200},
        about="postmortem",
        may="edits",
        body={"ref": "REF"},
    ),
    Page(
        "draft-upload",
        Gate.METHOD_THEN_401,
        {"POST": 400},
        about="postmortem",
        body={"ref": "REF"},
    ),
    Page("draft-similar", Gate.SIGN_IN, {"POST": 200}, about="postmortem", body={"ref": "REF"}),
    Page("preview", Gate.SIGN_IN, {"POST": 200}, about="postmortem", body={"ref": "REF"}),
    of_postmortem("api:postmortem-similar", Gate.API_READ, READ),
    of_postmortem("api:attachments", Gate.API, {"GET": 200, "POST": 400}, may_change="edits"),
    of_postmortem(
        "api:attachment",
        Gate.API,
        {"GET": 200, "DELETE": 204},
        may_change="edits",
        kwargs={"file_id": "FILE"},
    ),
    of_postmortem("api:attachment-content", Gate.API_READ, READ, kwargs={"file_id": "FILE"}),
    of_postmortem(
        "api:attachment-content", Gate.API_READ, READ, sees="history", kwargs={"file_id": "FORMER"}
    ),
    Page(
        "bin-restore",
        Gate.SIGN_IN,
        ACT,
        about="binned",
        may="takes out of the bin",
        kwargs={"ref": "REF"},
    ),
    Page("bin-purge", Gate.SIGN_IN, ACT, about="binned", may="purges", kwargs={"ref": "REF"}),
)

OTHER_PAGES = (
    Page("search", Gate.OPEN, READ, query="?q=secret"),
    Page("similar", Gate.OPEN, FORM, body={"text": "secret"}),
    Page("export", Gate.OPEN, READ, query="?q=secret"),
    Page("export", Gate.OPEN, READ, query="?q=secret&format=csv"),
    Page("feed-search", Gate.OPEN, READ, query="?q=secret"),
    Page("feed-private", Gate.OPEN, READ, kwargs={"secret": "SECRET"}),
    Page("feed-private", Gate.OPEN, {"GET": 404}, kwargs={"secret": "hsf_nothing"}),
    Page("help", Gate.OPEN, READ),
    Page("help-topic", Gate.OPEN, READ, kwargs={"topic": "search"}),
    Page("help-topic", Gate.OPEN, {"GET": 404}, kwargs={"topic": "nothing"}),
    # Accounts
    Page("sign-in", Gate.OPEN, {"GET": 200, "HEAD": 405, "POST": 200}),
    Page("demo-sign-in", Gate.OPEN, {"POST": 404}),
    Page("sign-out", Gate.OPEN, {"POST": 302}),
    Page("preferences", Gate.OPEN, {"POST": 302}, body={"theme": "dark"}),
    # Writing
    Page("postmortem-new", Gate.EDITOR, FORM, may="writes somewhere"),
    Page("draft-keep", Gate.METHOD_THEN_401, {"POST": 200}, may="writes somewhere"),
    Page("draft-upload", Gate.METHOD_THEN_401, {"POST": 400}),
    Page("draft-discard", Gate.SIGN_IN, {"POST": 302}),
    Page("draft-similar", Gate.SIGN_IN, {"POST": 200}),
    Page("draft-relatives", Gate.SIGN_IN, READ),
    Page("preview", Gate.SIGN_IN, {"POST": 200}),
    Page("own-file", Gate.OPEN, READ, about="upload", kwargs=FILE),
    Page("file-by-id", Gate.OPEN, READ, about="upload", kwargs={"file_id": "FILE"}),
    Page("own-thumbnail", Gate.OPEN, READ, about="upload", kwargs=FILE | PICTURE),
    Page("bin", Gate.SIGN_IN, READ),
    # Saved searches
    Page("saved", Gate.SIGN_IN, READ),
    Page("saved", Gate.SIGN_IN, READ, query="?tab=shared"),
    Page("saved-new", Gate.SIGN_IN, FORM, query="?q=secret"),
    Page("saved-feeds", Gate.SIGN_IN, FORM),
    Page("saved-feeds-revoke", Gate.SIGN_IN, {"POST": 404}, body={"key": "nothing"}),
    Page("saved-search", Gate.SIGN_IN, WENT_ON, about="saved search", kwargs={"ref": "REF"}),
    Page(
        "saved-edit",
        Gate.SIGN_IN,
        FORM,
        about="saved search",
        may="saved it",
        kwargs={"ref": "REF"},
    ),
    Page(
        "saved-delete",
        Gate.SIGN_IN,
        ACT,
        about="saved search",
        may="saved it or administers",
        kwargs={"ref": "REF"},
    ),
    # Vocabularies
    Page("vocabularies", Gate.OPEN, READ),
    Page("vocabulary", Gate.OPEN, READ, kwargs={"slug": "cause"}),
    Page("vocabulary", Gate.OPEN, {"GET": 404}, kwargs={"slug": "nothing"}),
    Page("term", Gate.OPEN, READ, kwargs={"vocabulary": "cause", "path": "network/dns"}),
    Page("vocabulary-new", Gate.METHOD_THEN_SIGN_IN, FORM, may="curates"),
    Page(
        "vocabulary-edit", Gate.METHOD_THEN_SIGN_IN, FORM, may="curates", kwargs={"slug": "cause"}
    ),
    Page("term-add", Gate.METHOD_THEN_SIGN_IN, FORM, may="curates", kwargs={"slug": "cause"}),
    Page("term-edit", Gate.METHOD_THEN_SIGN_IN, FORM, may="curates", kwargs=ONE_TERM),
    Page("term-move", Gate.METHOD_THEN_SIGN_IN, ACT, may="curates", kwargs=ONE_TERM),
    Page("term-merge", Gate.METHOD_THEN_SIGN_IN, FORM, may="curates", kwargs=ONE_TERM),
    Page("term-retire", Gate.METHOD_THEN_SIGN_IN, ACT, may="curates", kwargs=ONE_TERM),
    Page("term-restore", Gate.METHOD_THEN_SIGN_IN, {"POST": 302}, may="curates", kwargs=ONE_TERM),
    Page("term-suggest", Gate.SIGN_IN, FORM, may="suggests", kwargs={"slug": "cause"}),
    Page("suggestions", Gate.SIGN_IN, READ),
    Page(
        "suggestion",
        Gate.SIGN_IN,
        ACT,
        about="suggestion",
        may_change="curates",
        kwargs={"pk": "REF"},
        body={"decision": "decline", "answer": "No."},
    ),
    # Templates
    Page("templates", Gate.SIGN_IN_AND_ROLE, READ, may="curates"),
    Page("template-new", Gate.SIGN_IN_AND_ROLE, FORM, may="curates"),
    Page("template-edit", Gate.SIGN_IN_AND_ROLE, FORM, may="curates", kwargs={"slug": "outage"}),
    Page("template-remove", Gate.SIGN_IN_AND_ROLE, ACT, may="curates", kwargs={"slug": "outage"}),
    Page(
        "template-restore",
        Gate.METHOD_THEN_SIGN_IN,
        {"POST": 302},
        may="curates",
        kwargs={"slug": "outage"},
    ),
    Page("template-shipped", Gate.SIGN_IN_AND_ROLE, ACT, may="curates", kwargs={"slug": "outage"}),
    # Audit log
    Page("audit", Gate.SIGN_IN, READ, may="administers"),
    Page("audit-file", Gate.SIGN_IN, READ, may="administers"),
    # API
    Page("api:search", Gate.API_READ, READ, query="?q=secret"),
    Page("api:postmortems", Gate.API_READ, READ, query="?facets=1"),
    Page("api:suggest", Gate.API_READ, READ, query="?q=cause:"),
    Page("api:similar", Gate.API_READ, {"POST": 415}),
    Page("api:saved-searches", Gate.API, {"GET": 200, "POST": 415}),
    Page(
        "api:saved-search",
        Gate.API,
        {"GET": 200, "PATCH": 415, "DELETE": 204},
        about="saved search",
        may_change={"PATCH": "saved it", "DELETE": "saved it or administers"},
        kwargs={"ref": "REF"},
    ),
    Page("api:nothing", Gate.API_NOTHING, {}, kwargs={"rest": "nothing/"}),
)
PAGES = (*POSTMORTEM_PAGES, *OTHER_PAGES)
