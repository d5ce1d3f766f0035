"""Every address of the site: who may open it, and that opening it changes nothing."""

from dataclasses import dataclass, field

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from postmortems import bin
from postmortems.models import SavedSearch
from taxonomy.models import Term
from tests import makers

OPEN = (200, 200, 200, 200)
# Hidden and absent look alike; only what a viewer may see leads on to its right address.
TEAM_ONLY = (404, 200, 404, 200)
LEADS_TEAM_ON = (404, 302, 404, 302)
LEADS_ON = (302, 302, 302, 302)
ONLY_POST = (405, 405, 405, 405)

# Pages of one's own; visitors are asked to sign in.
SIGNED_IN = (302, 200, 200, 200)
SAVED = "savedsch"
HISTORY = (404, 200, 404, 200)
CURATORS = (302, 403, 403, 200)
# Every test database begins with the shipped vocabularies; which term it is does not matter.
OF_A_TERM = {"slug": "cause", "pk": "TERM"}
BINNED = "bnnedpg1"
TEMPLATE = "outage"

PUBLIC, OF_TEAM, RESTRICTED, DRAFT = "pbcpage1", "teampage", "hddnpage", "draftpg1"


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
        known = {
            name: str(term[0].pk) if value == "TERM" else value
            for name, value in self.kwargs.items()
        }
        return reverse(self.name, kwargs=known) + self.query


def page(ref: str, slug: str = "slug") -> dict[str, str]:
    """The arguments of a read page."""
    return {"ref": ref, "slug": slug}


ROWS = (
    Row("search", OPEN),
    Row("search", OPEN, query="?q=secret&team=platform"),
    Row("postmortem", OPEN, page(PUBLIC)),
    Row("postmortem", TEAM_ONLY, page(OF_TEAM)),
    Row("postmortem", TEAM_ONLY, page(RESTRICTED)),
    Row("postmortem", TEAM_ONLY, page(DRAFT)),
    Row("postmortem", LEADS_ON, page(PUBLIC, "another")),
    Row("postmortem", LEADS_TEAM_ON, page(RESTRICTED, "another")),
    Row("postmortem", LEADS_TEAM_ON, page(RESTRICTED.upper())),
    Row("postmortem", (404,) * 4, page("zzzzzzzz")),
    Row("postmortem-by-ref", LEADS_ON, {"ref": PUBLIC}),
    Row("postmortem-by-ref", LEADS_TEAM_ON, {"ref": RESTRICTED}),
    Row("postmortem-new", SIGNED_IN),
    Row("postmortem-edit", (302, 200, 403, 200), {"ref": PUBLIC}),
    Row("postmortem-edit", (302, 200, 404, 200), {"ref": RESTRICTED}),
    Row("postmortem-again", SIGNED_IN, {"ref": PUBLIC}),
    Row("postmortem-again", (302, 200, 404, 200), {"ref": RESTRICTED}),
    Row("postmortem-publish", (302, 405, 405, 405), {"ref": DRAFT}),
    Row("postmortem-publish", (302, 403, 404, 302), {"ref": DRAFT}, method="post"),
    Row("draft-keep", ONLY_POST),
    Row("draft-keep", (401, 200, 200, 200), query="?nothing", method="post"),
    Row("draft-discard", (302, 405, 405, 405)),
    Row("draft-discard", (302, 302, 302, 302), method="post"),
    Row("draft-similar", (302, 405, 405, 405)),
    Row("draft-similar", SIGNED_IN, method="post"),
    Row("draft-relatives", SIGNED_IN),
    Row("draft-others", (401, 200, 403, 200), {"ref": PUBLIC}),
    Row("draft-others", (401, 200, 404, 200), {"ref": RESTRICTED}),
    Row("preview", (302, 405, 405, 405)),
    Row("preview", SIGNED_IN, method="post"),
    Row("postmortem-history", HISTORY, {"ref": PUBLIC}),
    Row("postmortem-history", HISTORY, {"ref": RESTRICTED}),
    Row("postmortem-compare", HISTORY, {"ref": PUBLIC, "before": "1", "after": "1"}),
    Row("postmortem-revision", HISTORY, {"ref": PUBLIC, "number": "1"}),
    Row("postmortem-restore", HISTORY, {"ref": PUBLIC, "number": "1"}),
    Row("postmortem-print", OPEN, {"ref": PUBLIC}),
    Row("postmortem-print", TEAM_ONLY, {"ref": RESTRICTED}),
    Row("postmortem-markdown", OPEN, {"ref": PUBLIC}),
    Row("postmortem-markdown", TEAM_ONLY, {"ref": RESTRICTED}),
    Row("postmortem-duplicate", (302, 200, 200, 200), {"ref": PUBLIC}),
    Row("postmortem-duplicate", (302, 200, 404, 200), {"ref": RESTRICTED}),
    Row("postmortem-archive", (302, 200, 403, 200), {"ref": PUBLIC}),
    Row("postmortem-archive", (302, 200, 404, 200), {"ref": RESTRICTED}),
    Row("postmortem-bin", (302, 200, 403, 200), {"ref": PUBLIC}),
    Row("postmortem-bin", (302, 200, 404, 200), {"ref": RESTRICTED}),
    Row("bin", SIGNED_IN),
    Row("bin-restore", (302, 200, 404, 200), {"ref": BINNED}),
    Row("bin-restore", (302, 404, 404, 404), {"ref": "zzzzzzzz"}),
    Row("bin-purge", (302, 403, 404, 200), {"ref": BINNED}),
    Row("bin-purge", (302, 404, 404, 404), {"ref": "zzzzzzzz"}),
    Row("postmortem", (404,) * 4, page(BINNED)),
    Row("postmortem-similar", OPEN, {"ref": PUBLIC}),
    Row("postmortem-similar", TEAM_ONLY, {"ref": RESTRICTED}),
    Row("postmortem-similar", (404,) * 4, {"ref": "zzzzzzzz"}),
    Row("vocabularies", OPEN),
    Row("vocabulary", OPEN, {"slug": "cause"}),
    Row("vocabulary", (404,) * 4, {"slug": "nothing"}),
    Row("term", OPEN, {"vocabulary": "cause", "path": "network/dns"}),
    Row("vocabulary-new", CURATORS),
    Row("vocabulary-edit", CURATORS, {"slug": "cause"}),
    Row("term-add", CURATORS, {"slug": "cause"}),
    Row("term-edit", CURATORS, OF_A_TERM),
    Row("term-move", CURATORS, OF_A_TERM),
    Row("term-merge", CURATORS, OF_A_TERM),
    Row("term-retire", CURATORS, OF_A_TERM),
    Row("term-restore", (405,) * 4, OF_A_TERM),
    Row("term-suggest", SIGNED_IN, {"slug": "cause"}),
    Row("suggestions", SIGNED_IN),
    Row("suggestion", (302, 404, 404, 404), {"pk": "999999"}),
    Row("templates", CURATORS),
    Row("template-new", CURATORS),
    Row("template-edit", CURATORS, {"slug": TEMPLATE}),
    Row("template-edit", (302, 403, 403, 404), {"slug": "nothing"}),
    Row("template-remove", CURATORS, {"slug": TEMPLATE}),
    Row("template-restore", ONLY_POST, {"slug": TEMPLATE}),
    Row("template-restore", (302, 403, 403, 302), {"slug": TEMPLATE}, method="post"),
    Row("template-shipped", CURATORS, {"slug": TEMPLATE}),
    Row("help", OPEN),
    Row("help-topic", OPEN, {"topic": "search"}),
    Row("sign-in", OPEN),
    Row("sign-in", (200, 200, 200, 200), method="post"),
    Row("demo-sign-in", ONLY_POST),
    Row("demo-sign-in", (404,) * 4, method="post"),
    Row("sign-out", ONLY_POST),
    Row("sign-out", LEADS_ON, method="post"),
    Row("preferences", ONLY_POST),
    Row("preferences", LEADS_ON, method="post"),
    Row("similar", OPEN),
    Row("similar", OPEN, method="post"),
    Row("saved", SIGNED_IN),
    Row("saved", SIGNED_IN, query="?tab=shared"),
    Row("saved-new", SIGNED_IN, query="?q=secret"),
    Row("saved-search", (302, 302, 404, 302), {"ref": SAVED}),
    Row("saved-edit", (302, 200, 404, 403), {"ref": SAVED}),
    Row("saved-delete", (302, 200, 404, 200), {"ref": SAVED}),
    Row("saved-feeds", SIGNED_IN, query="?q=secret"),
    Row("saved-feeds-revoke", (302, 405, 405, 405)),
    Row("saved-feeds-revoke", (302, 404, 404, 404), method="post"),
    Row("feed-search", OPEN, query="?q=secret"),
    Row("feed-private", (404,) * 4, {"secret": "hsf_nothing"}),
    Row("export", OPEN, query="?q=secret"),
    Row("export", OPEN, query="?q=secret&format=csv"),
    Row("api:search", OPEN),
    Row("api:postmortems", OPEN, query="?facets=1"),
    Row("api:suggest", OPEN, query="?q=cause:&at=6"),
    Row("api:postmortem-similar", OPEN, {"ref": PUBLIC}),
    Row("api:postmortem-similar", TEAM_ONLY, {"ref": RESTRICTED}),
    Row("api:similar", ONLY_POST),
    Row("api:similar", (415,) * 4, method="post"),
    Row("api:saved-searches", OPEN),
    Row("api:saved-searches", (401, 415, 415, 415), method="post"),
    Row("api:saved-search", (404, 200, 404, 200), {"ref": SAVED}),
    Row("api:nothing", (404,) * 4, {"rest": "nothing/"}),
)
GETS = [row for row in ROWS if row.method == "get"]


def names_of(resolver: URLResolver, prefix: str = "") -> set[str]:
    """The names of all addresses below a resolver, with their namespaces."""
    found: set[str] = set()
    for item in resolver.url_patterns:
        if isinstance(item, URLPattern):
            found.add(f"{prefix}{item.name}")
        else:
            inner = f"{prefix}{item.namespace}:" if item.namespace else prefix
            found |= names_of(item, inner)
    return found


def label(row: Row) -> str:
    """The row's name in a test report."""
    return " ".join([row.method, row.name, *row.kwargs.values()]) + row.query


def stored_rows() -> dict[str, list[dict]]:
    """Every row of every table, sessions included."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
    }


@pytest.fixture
def cast(alice, bob, charlie, dana):
    """The viewers in the order of the answers, and a postmortem of each kind of audience."""
    platform = alice.teams.get()
    kinds = {
        PUBLIC: {"visibility": "public"},
        OF_TEAM: {"visibility": "team"},
        RESTRICTED: {"visibility": "restricted"},
        DRAFT: {"visibility": "public", "status": "draft"},
    }
    for ref, fields in kinds.items():
        document = makers.make_document("A secret")
        makers.make_postmortem(
            document, team=platform, authors=(alice,), ref=ref, slug="slug", **fields
        )
    makers.load_shipped_templates()
    thrown = makers.make_postmortem(
        makers.make_document("A secret"), team=platform, authors=(alice,), ref=BINNED, slug="slug"
    )
    bin.throw_away(thrown, by=alice)
    SavedSearch.objects.create(
        ref=SAVED, owner=alice, name="A secret", query="q=secret", shared="team", team=platform
    )
    return (None, alice, charlie, dana)


def test_every_address_has_a_row_that_says_who_may_open_it():
    assert {row.name for row in ROWS} == names_of(get_resolver())


@pytest.mark.parametrize("row", ROWS, ids=label)
def test_each_viewer_gets_what_the_table_says(row, cast, browse):
    answers = [getattr(browse(viewer), row.method)(row.path).status_code for viewer in cast]

    assert tuple(answers) == row.answers


@pytest.mark.parametrize("row", GETS, ids=label)
def test_opening_an_address_changes_no_row(row, cast, browse):
    clients = [browse(viewer) for viewer in cast]
    before = stored_rows()

    for client in clients:
        client.get(row.path)

    assert stored_rows() == before


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_a_health_answer_changes_no_row(path, cast, browse):
    before = stored_rows()

    assert browse().get(path).status_code == 200
    assert stored_rows() == before


def test_the_comparison_of_rows_can_fail(cast):
    before = stored_rows()

    makers.make_user("erin")

    assert stored_rows() != before
