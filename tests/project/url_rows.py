"""Every address with what it answers, as rows of a table; `test_urls` asks them."""

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
    Row("postmortem-review", (302, 200, 404, 200), {"ref": PUBLIC}),
    Row("postmortem-review", (302, 200, 404, 200), {"ref": RESTRICTED}),
    Row("postmortem-review", (302, 200, 404, 200), {"ref": DRAFT}, query="?view=meeting"),
    Row("postmortem-review", (302, 404, 404, 404), {"ref": "zzzzzzzz"}),
    Row("review-ask", (302, 200, 404, 200), {"ref": DRAFT}),
    Row("review-approve", (302, 405, 405, 405), {"ref": DRAFT}),
    Row("review-approve", (302, 403, 404, 302), {"ref": DRAFT}, method="post"),
    Row("review-changes", (302, 405, 405, 405), {"ref": DRAFT}),
    Row("review-changes", (302, 403, 404, 302), {"ref": DRAFT}, method="post"),
    Row("review-withdraw", (302, 405, 405, 405), {"ref": DRAFT}),
    Row("review-withdraw", (302, 302, 404, 302), {"ref": DRAFT}, method="post"),
    Row("review-action", (302, 405, 405, 405), {"ref": DRAFT}),
    Row("review-action", (302, 409, 404, 409), {"ref": DRAFT}, method="post"),
    Row("review-comment", (302, 405, 405, 405), {"ref": DRAFT}),
    Row("review-comment", (302, 302, 404, 302), {"ref": DRAFT}, method="post"),
    Row("review-comment-edit", (302, 200, 404, 403), {"ref": DRAFT, "pk": "COMMENT"}),
    Row("review-comment-edit", (302, 404, 404, 404), {"ref": PUBLIC, "pk": "COMMENT"}),
    Row("review-reply", (302, 405, 405, 405), {"ref": DRAFT, "pk": "COMMENT"}),
    Row("review-reply", (302, 302, 404, 302), {"ref": DRAFT, "pk": "COMMENT"}, method="post"),
    Row("review-settle", (302, 405, 405, 405), {"ref": DRAFT, "pk": "COMMENT"}),
    Row("review-settle", (302, 302, 404, 302), {"ref": DRAFT, "pk": "COMMENT"}, method="post"),
    Row("review-comment-delete", (302, 405, 405, 405), {"ref": DRAFT, "pk": "COMMENT"}),
    Row(
        "review-comment-delete",
        (302, 302, 404, 404),
        {"ref": DRAFT, "pk": "COMMENT"},
        method="post",
    ),
    Row("reviews", SIGNED_IN),
    Row("reviews", SIGNED_IN, query="?tab=all"),
    Row("review-rules", ADMINISTRATORS),
    Row("draft-keep", ONLY_POST),
    Row("draft-keep", (401, 200, 200, 200), query="?nothing", method="post"),
    Row("draft-discard", (302, 405, 405, 405)),
    Row("draft-discard", (302, 302, 302, 302), method="post"),
    Row("draft-similar", (302, 405, 405, 405)),
    Row("draft-similar", SIGNED_IN, method="post"),
    Row("draft-upload", ONLY_POST),
    Row("draft-upload", (401, 400, 400, 400), method="post"),
    Row("postmortem-file", OPEN, a_file(PUBLIC)),
    Row("postmortem-file", TEAM_ONLY, a_file(RESTRICTED)),
    Row("postmortem-file", (404,) * 4, a_file(BINNED)),
    Row("postmortem-file", (404,) * 4, {"ref": PUBLIC, "file_id": "z" * 20, "name": "a.png"}),
    Row("postmortem-thumbnail", OPEN, a_file(PUBLIC, size="small")),
    Row("postmortem-thumbnail", TEAM_ONLY, a_file(RESTRICTED, size="large")),
    Row("postmortem-thumbnail", (404,) * 4, a_file(PUBLIC, size="huge")),
    Row("file-by-id", LEADS_ON, {"file_id": "FILE", "ref": PUBLIC}),
    Row("file-by-id", LEADS_TEAM_ON, {"file_id": "FILE", "ref": RESTRICTED}),
    Row("own-file", (404, 200, 404, 404), {"file_id": "OWN", "name": "a.png"}),
    Row("own-thumbnail", (404, 200, 404, 404), {"file_id": "OWN", "size": "small", "name": "a"}),
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
    Row("postmortem-pseudonyms", (302, 200, 403, 200), {"ref": PUBLIC}),
    Row("postmortem-pseudonyms", (302, 200, 404, 200), {"ref": RESTRICTED}),
    Row("redact", CURATORS),
    Row("redact", CURATORS, method="post"),
    Row("postmortem-sharing", (302, 200, 403, 200), {"ref": PUBLIC}),
    Row("postmortem-sharing", (302, 200, 404, 200), {"ref": RESTRICTED}),
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
    Row("desk", SIGNED_IN),
    Row("notifications", SIGNED_IN),
    Row("notifications", SIGNED_IN, query="?tab=all"),
    Row("notifications-read", (302, 405, 405, 405)),
    Row("notifications-read", LEADS_ON, method="post"),
    Row("notification-settings", SIGNED_IN),
    Row("notification-settings", SIGNED_IN, method="post"),
    Row("mail-stop", (404,) * 4, {"key": "nothing"}),
    Row("mail-stop", (404,) * 4, {"key": "nothing"}, method="post"),
    Row("audit", ADMINISTRATORS),
    Row("audit", ADMINISTRATORS, query="?who=alice&since=2026-03-14"),
    Row("audit-file", ADMINISTRATORS),
    Row("help", OPEN),
    Row("help-topic", OPEN, {"topic": "search"}),
    Row("sign-in", OPEN),
    Row("sign-in", (200, 200, 200, 200), method="post"),
    Row("demo-sign-in", ONLY_POST),
    Row("demo-sign-in", (404,) * 4, method="post"),
    Row("sign-in-code", LEADS_ON),
    Row("sso", ONLY_POST),
    Row("sso", (404,) * 4, method="post"),
    Row("openid_connect_callback", (404,) * 4, {"provider_id": "sso"}),
    Row("settings-second-step", SIGNED_IN),
    Row("settings-second-step", SIGNED_IN, method="post"),
    Row("second-step-prepare", (302, 405, 405, 405)),
    Row("second-step-prepare", LEADS_ON, method="post"),
    Row("second-step-off", (302, 405, 405, 405)),
    Row("second-step-off", SIGNED_IN, method="post"),
    Row("sso-unlink", (302, 405, 405, 405)),
    Row("sso-unlink", LEADS_ON, method="post"),
    Row("person-second-step", (302, 405, 405, 405), OF_ALICE),
    Row("person-second-step", (302, 403, 403, 302), OF_ALICE, method="post"),
    Row("sign-out", ONLY_POST),
    Row("sign-out", LEADS_ON, method="post"),
    Row("invitation", OPEN),
    Row("invitation", OPEN, query="?key=wrong", method="post"),
    Row("people", CURATORS),
    Row("invite", CURATORS),
    Row("invitation-revoke", (302, 405, 405, 405), {"ref": "zzzzzzzz"}),
    Row("invitation-revoke", (302, 404, 404, 404), {"ref": "zzzzzzzz"}, method="post"),
    Row("person", CURATORS, OF_ALICE),
    Row("person", (302, 403, 403, 404), {"username": "nobody"}),
    Row("person-roles", (302, 405, 405, 405), OF_ALICE),
    Row("person-roles", (302, 403, 403, 302), OF_ALICE, method="post"),
    Row("person-deactivate", CURATORS, OF_ALICE),
    Row("person-reactivate", (302, 405, 405, 405), OF_ALICE),
    Row("person-reactivate", (302, 403, 403, 302), OF_ALICE, method="post"),
    Row("teams", SIGNED_IN),
    Row("team-new", CURATORS),
    Row("team", (302, 200, 404, 200), PLATFORM),
    Row("team", (302, 404, 404, 404), {"slug": "nothing"}),
    Row("team-rename", (302, 405, 405, 405), PLATFORM),
    Row("team-rename", (302, 403, 404, 200), PLATFORM, method="post"),
    Row("team-role", (302, 405, 405, 405), PLATFORM),
    Row("team-role", (302, 403, 404, 200), PLATFORM, method="post"),
    Row("team-remove", (302, 405, 405, 405), PLATFORM),
    Row("team-remove", (302, 403, 404, 404), PLATFORM, method="post"),
    Row("team-leave", (302, 200, 404, 404), PLATFORM),
    Row("forgotten", OPEN),
    Row("new-password", OPEN),
    Row("new-password", OPEN, query="?key=1.wrong"),
    Row("settings", SIGNED_IN),
    Row("settings-mail", (302, 405, 405, 405)),
    Row("settings-mail", SIGNED_IN, method="post"),
    Row("mail-confirm", SIGNED_IN, query="?key=wrong"),
    Row("settings-password", SIGNED_IN),
    Row("session-list", SIGNED_IN),
    Row("session-end", (302, 405, 405, 405)),
    Row("session-end", (302, 404, 404, 404), method="post"),
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
    Row("api:attachments", OPEN, {"ref": PUBLIC}),
    Row("api:attachments", TEAM_ONLY, {"ref": RESTRICTED}),
    Row("api:attachments", (401, 400, 403, 400), {"ref": PUBLIC}, method="post"),
    Row("api:attachments", (401, 400, 404, 400), {"ref": RESTRICTED}, method="post"),
    Row("api:attachment", OPEN, {"ref": PUBLIC, "file_id": "FILE"}),
    Row("api:attachment", TEAM_ONLY, {"ref": RESTRICTED, "file_id": "FILE"}),
    Row("api:attachment", (401, 404, 404, 404), {"ref": PUBLIC, "file_id": "z"}, method="delete"),
    Row("api:attachment-content", OPEN, {"ref": PUBLIC, "file_id": "FILE"}),
    Row("api:attachment-content", TEAM_ONLY, {"ref": RESTRICTED, "file_id": "FILE"}),
    Row("api:similar", ONLY_POST),
    Row("api:similar", (415,) * 4, method="post"),
    Row("api:saved-searches", OPEN),
    Row("api:saved-searches", (401, 415, 415, 415), method="post"),
    Row("api:saved-search", (404, 200, 404, 200), {"ref": SAVED}),
    Row("api:nothing", (404,) * 4, {"rest": "nothing/"}),
)
