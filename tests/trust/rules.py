"""The rules that people were promised, and what one line of the table is made of.

Nothing here is taken from the product.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

# --- Who asks -----------------------------------------------------------------------------------

# The postmortems belong to one team. `writer` wrote them and is an author of that team, `guest`
# wrote them too and is in no team any more, `named` stands among their named people and is in none,
# and neither is the `named reviewer`, who is asked to review them.
PEOPLE = frozenset(
    {
        *("visitor", "deactivated", "outsider", "curator", "named", "guest"),
        "named reviewer",
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
# Who is asked to review something sees it until it is published, and has no more right to it then.
_UNFINISHED = {
    "public": TEAM | AUTHORS | {"named reviewer", "administrator"},
    "internal": TEAM | AUTHORS | {"named reviewer", "administrator"},
    "team": TEAM | AUTHORS | {"named reviewer", "administrator"},
    "restricted": AUTHORS | {"named", "named reviewer", "administrator"},
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
    # Comments are for those who take part; a reader of the team, and who is only named, do not.
    "review": AUTHORS | {"author", "reviewer", "lead", "named reviewer", "administrator"},
    "nobody": frozenset[str](),
}
# What lies in the bin is found by other people than what does not.
FINDS_IN_BIN = AUTHORS | {"lead", "administrator"}
# Things that are not postmortems, by their names in the world.
OWNED = {
    "upload": {"of the writer": frozenset({"writer"})},
    "import": {"of the writer": frozenset({"writer"})},
    "saved search": {
        "private": frozenset({"writer"}),
        "of the team": TEAM | {"administrator"},
        "of the site": SIGNED_IN,
    },
    "reading list": {
        "private": frozenset({"writer"}),
        "of the site": SIGNED_IN,
        "public": PEOPLE,
    },
    "reading list of a team": {"of the team": TEAM | {"administrator"}},
    "suggestion": {
        "of the writer": frozenset({"writer", "curator", "administrator"}),
        "of the outsider": frozenset({"outsider", "curator", "administrator"}),
    },
    "team": {"platform": TEAM | {"administrator"}},
    "membership": {"in platform": TEAM},
    "invitation": {
        "into platform": frozenset({"lead", "administrator"}),
        "into another team": frozenset({"administrator"}),
        "into the site": frozenset({"administrator"}),
    },
    "token": {"of the writer": frozenset({"writer"})},
    "following": {"of the writer": frozenset({"writer"})},
    "session": {"of the writer": frozenset({"writer"})},
}

# Who gets through, of those who are told that it is there.
WRITES_SOMEWHERE = frozenset({"outsider", "author", "reviewer", "lead", "writer", "administrator"})
MAY = {
    "": PEOPLE,
    "signed in": SIGNED_IN,
    "writes somewhere": WRITES_SOMEWHERE,
    # Without a team it is not known where something new belongs.
    "writes in a team": WRITES_SOMEWHERE - {"administrator"},
    "edits": frozenset({"author", "reviewer", "lead", "writer", "administrator"}),
    # The other one is everybody's to read and of the outsider's team.
    "edits either": WRITES_SOMEWHERE,
    "approves": frozenset({"reviewer", "lead", "named reviewer", "administrator"}),
    "said it": frozenset({"writer"}),
    "said it or administers": frozenset({"writer", "administrator"}),
    "leads": frozenset({"lead", "administrator"}),
    "takes out of the bin": frozenset({"lead", "writer", "administrator"}),
    "purges": frozenset({"lead", "administrator"}),
    "curates": frozenset({"curator", "administrator"}),
    "suggests": WRITES_SOMEWHERE | {"curator"},
    "administers": frozenset({"administrator"}),
    "saved it": frozenset({"writer"}),
    "saved it or administers": frozenset({"writer", "administrator"}),
    "writes in the team": TEAM - {"reader"},
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
    API_ADMIN = "the API: changing needs somebody, and a token with the scope admin"
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
    json: str = ""


def of_postmortem(name: str, gate: Gate, answers: Mapping[str, object], **more: object) -> Page:
    """An address with the ref of a postmortem in it."""
    kwargs = {"ref": "REF"} | dict(more.pop("kwargs", {}))
    return Page(name, gate, answers, about="postmortem", kwargs=kwargs, **more)
