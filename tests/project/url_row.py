"""A row of the table of addresses, and the names that the rows use."""

from dataclasses import dataclass, field

from django.urls import reverse

from postmortems.models import ReviewComment
from taxonomy.models import Term

OPEN = (200, 200, 200, 200)
# Hidden and absent look alike; only what a viewer may see leads on to its right address.
TEAM_ONLY = (404, 200, 404, 200)
LEADS_TEAM_ON = (404, 302, 404, 302)
LEADS_ON = (302, 302, 302, 302)
ONLY_POST = (405, 405, 405, 405)

# Pages of one's own; visitors are asked to sign in.
SIGNED_IN = (302, 200, 200, 200)
SAVED = "savedsch"
READING = "readngst"
IMPORT = "1mprted1"
HISTORY = (404, 200, 404, 200)
CURATORS = (302, 403, 403, 200)
ADMINISTRATORS = (302, 403, 403, 200)
# Every test database begins with the shipped vocabularies; which term it is does not matter.
OF_A_TERM = {"slug": "cause", "pk": "TERM"}
BINNED = "bnnedpg1"
OF_ALICE = {"username": "alice"}
PLATFORM = {"slug": "platform"}
TEMPLATE = "outage"

PUBLIC, OF_TEAM, RESTRICTED, DRAFT = "pbcpage1", "teampage", "hddnpage", "draftpg1"


OWN_FILE = "0wnf" * 5
OF_A_COMMENT = {"ref": DRAFT, "pk": "COMMENT"}
API_VERBS = (
    *("submit", "approve", "request-changes", "publish", "withdraw", "archive", "unarchive"),
    *("duplicate", "restore", "restore-revision"),
)
API_TALK = ("replies", "settle", "reopen")


def a_file(ref: str, **more: str) -> dict[str, str]:
    """The arguments of a file's address; FILE is the one that its postmortem has."""
    return {"ref": ref, "file_id": "FILE", "name": "a.png", **more}


@dataclass(frozen=True)
class Row:
    """An address and what it answers to a visitor, alice, charlie and dana, in this order."""

    name: str
    answers: tuple[int, int, int, int]
    kwargs: dict[str, str] = field(default_factory=dict)
    query: str = ""
    method: str = "get"

    @property
    def path(self) -> str:
        """The address itself."""
        term = Term.objects.filter(vocabulary__slug="cause").order_by("pk")
        said = ReviewComment.objects.filter(postmortem__ref=DRAFT).order_by("pk").first()
        stands_for = {
            "COMMENT": str(said.pk) if said else "1",
            "TERM": str(term[0].pk),
            "OWN": OWN_FILE,
            "FILE": self._file,
        }
        known = {name: stands_for.get(value, value) for name, value in self.kwargs.items()}
        if self.name == "file-by-id":
            del known["ref"]
        return reverse(self.name, kwargs=known) + self.query

    @property
    def _file(self) -> str:
        """The id of the file of the postmortem that the address is about."""
        return (self.kwargs.get("ref", "") * 3)[:20]


def page(ref: str, slug: str = "slug") -> dict[str, str]:
    """The arguments of a read page."""
    return {"ref": ref, "slug": slug}
