"""Who may do what at which address, written down by hand. The matrix asks the site and compares.

Nothing here is taken from the product: the rules are those that people were promised. Whoever adds
an address adds a line to PAGES, and `test_every_address_stands_in_the_table` fails until it is there:

    Page("postmortem-bin", Gate.SIGN_IN, {"GET": 200, "POST": 302}, about="postmortem", may="edits")

reads: visitors are led to sign in; who may not read the postmortem gets 404, who may not edit it 403,
everybody else 200 for GET (and HEAD) and 302 for POST; every other method is 405. `about` says what
of the world the address names (`world.targets` has them, the absent one too), `sees` who is told that
it is there, `may` who gets through, `may_change` who does with a method that changes something (or by method),
`body` what is sent, or `json` (over any version). An answer by the postmortem's status is a dictionary.
"""

from collections.abc import Mapping

from tests.trust import api_postmortems
from tests.trust.actions_table import ACTION_PAGES
from tests.trust.gathered_table import GATHERED_PAGES
from tests.trust.reading_table import READING_API_PAGES, READING_PAGES
from tests.trust.rules import Gate, Page, of_postmortem
from tests.trust.site_api_table import SITE_API_PAGES

# `kwargs` and `body` name what stands in the world: REF, FILE, FORMER and COMMENT are those of the target.
READ, WENT_ON = {"GET": 200}, {"GET": 302}
FORM = {"GET": 200, "POST": 200}
ACT = {"GET": 200, "POST": 302}
ONE_TERM = {"slug": "cause", "pk": "TERM"}
ONE_TEAM = {"slug": "REF"}
FILE = {"file_id": "FILE", "name": "a.png"}
FORMER_FILE = {"file_id": "FORMER", "name": "a.png"}
PICTURE = {"size": "small"}
ANOTHER = {"other": "trst8888"}


def of_review(name: str, answers: Mapping[str, object], **more: object) -> Page:
    """An address of the review of a postmortem, or of a comment in it."""
    return of_postmortem(name, Gate.SIGN_IN, answers, sees="review", **more)


COMMENT, COMMENT_OF_ANOTHER = {"pk": "COMMENT"}, {"pk": "71900009"}
OPEN_STILL = {"draft": 302, "in_review": 302}
# What is over cannot be asked for; the form says so.
ASKED_FOR = OPEN_STILL | {"published": 200, "archived": 200}
WORDS = {"text": "A word", "comment": "A word", "revision": "1"}
REVIEW_PAGES = (
    of_review("postmortem-review", READ),
    of_review("postmortem-review", READ, query="?view=meeting"),
    of_review("review-ask", {"GET": 200, "POST": ASKED_FOR}, may="edits"),
    of_review("review-approve", {"POST": 302}, may_change="approves", body=WORDS),
    of_review(
        "review-approve", {"POST": 302}, may_change="approves", body=WORDS | {"do": "publish"}
    ),
    of_review("review-changes", {"POST": 302}, may_change="approves", body=WORDS),
    of_review("review-withdraw", {"POST": 302}, may_change="edits"),
    of_review("review-action", {"POST": 409}, may_change="edits"),
    of_review("review-action", {"POST": 302}, may_change="edits", body=WORDS),
    of_review("review-comment", {"POST": 302}, body=WORDS),
    of_review("review-comment-edit", ACT, may="said it", kwargs=COMMENT, body=WORDS),
    of_review("review-comment-edit", {"GET": 404, "POST": 404}, kwargs=COMMENT_OF_ANOTHER),
    of_review("review-reply", {"POST": 302}, kwargs=COMMENT, body=WORDS),
    of_review("review-reply", {"POST": 404}, kwargs=COMMENT_OF_ANOTHER, body=WORDS),
    of_review("review-settle", {"POST": 302}, kwargs=COMMENT),
    of_review("review-settle", {"POST": 404}, kwargs=COMMENT_OF_ANOTHER),
    of_review(
        "review-comment-delete", {"POST": 302}, may_change="said it or administers", kwargs=COMMENT
    ),
    of_review("review-comment-delete", {"POST": 404}, kwargs=COMMENT_OF_ANOTHER),
)
POSTMORTEM_PAGES = (
    of_postmortem("postmortem-by-ref", Gate.OPEN, WENT_ON),
    of_postmortem("postmortem", Gate.OPEN, READ, kwargs={"slug": "slug"}),
    of_postmortem("postmortem", Gate.OPEN, WENT_ON, kwargs={"slug": "another"}),
    of_postmortem("postmortem-print", Gate.OPEN, READ),
    of_postmortem("postmortem-markdown", Gate.OPEN, READ),
    of_postmortem("postmortem-similar", Gate.OPEN, READ),
    of_postmortem("postmortem-lists", Gate.SIGN_IN, FORM),
    of_postmortem("postmortem-helped", Gate.SIGN_IN, {"POST": 302}, body={"helped": "1"}),
    of_postmortem("postmortem-known", Gate.OPEN, READ),
    of_postmortem(
        "similar-confirm", Gate.SIGN_IN, {"POST": 302}, may_change="edits either", kwargs=ANOTHER
    ),
    *(
        of_postmortem(name, Gate.SIGN_IN, {"POST": 302}, kwargs=ANOTHER)
        for name in ("similar-unlink", "similar-dismiss", "similar-bring-back")
    ),
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
    of_postmortem("postmortem-pseudonyms", Gate.SIGN_IN, FORM, may="edits"),
    of_postmortem(
        "postmortem-pseudonyms",
        Gate.SIGN_IN,
        ACT,
        may="edits",
        body={"names": "secret", "stand_in": "Engineer 2", "save": "yes", "revision": "1"},
    ),
    of_postmortem("postmortem-sharing", Gate.SIGN_IN, FORM, may="edits", body={"find": "a"}),
    of_postmortem(
        "postmortem-sharing",
        Gate.SIGN_IN,
        ACT,
        may="edits",
        body={"visibility": "team", "team": "platform", "author": "writer"},
    ),
    *REVIEW_PAGES,
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
    *api_postmortems.PAGES,
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
    Page("export", Gate.OPEN, READ, query="?q=secret&format=markdown"),
    Page("import", Gate.SIGN_IN, {"GET": 200, "POST": 400}, may="writes somewhere"),
    Page("import-confirm", Gate.SIGN_IN, {"POST": 404}, body={"waiting": "z" * 20}),
    Page("import-report", Gate.SIGN_IN, READ, about="import", kwargs={"ref": "REF"}),
    Page("import-undo", Gate.SIGN_IN, ACT, about="import", kwargs={"ref": "REF"}),
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
    *READING_PAGES,
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
    # Reviews
    Page("reviews", Gate.SIGN_IN, READ),
    Page("reviews", Gate.SIGN_IN, READ, query="?tab=mine"),
    Page("reviews", Gate.SIGN_IN, READ, query="?tab=all"),
    Page("review-rules", Gate.SIGN_IN, {"GET": 200, "POST": 400}, may="administers"),
    Page(
        "review-rules",
        Gate.SIGN_IN,
        ACT,
        may="administers",
        body={"key": "severity:sev3", "approvals": "2"},
    ),
    # What one is told, and what is one's own to do
    Page("desk", Gate.SIGN_IN, READ),
    Page("notifications", Gate.SIGN_IN, READ),
    Page("notifications", Gate.SIGN_IN, READ, query="?tab=all"),
    Page("notifications-read", Gate.SIGN_IN, {"POST": 302}, body={"one": "NOTIFICATION"}),
    Page("notification-settings", Gate.SIGN_IN, FORM),
    Page("notification-settings", Gate.SIGN_IN, ACT, body={"mail": "weekly"}),
    # A link that stops mail needs no session; who may no longer sign in has none that works.
    Page("mail-stop", Gate.OPEN, FORM, kwargs={"key": "STOPS"}),
    Page("mail-stop", Gate.OPEN, {"GET": 404, "POST": 404}, kwargs={"key": "STOPPED"}),
    Page("mail-stop", Gate.OPEN, {"GET": 404, "POST": 404}, kwargs={"key": "nothing"}),
    # Signing in, and one's own account
    Page("sign-in-code", Gate.OPEN, {"GET": 302, "POST": 302}),
    Page("sso", Gate.OPEN, {"POST": 404}),
    Page("openid_connect_callback", Gate.OPEN, {"GET": 404}, kwargs={"provider_id": "sso"}),
    Page("openid_connect_callback", Gate.OPEN, {"GET": 404}, kwargs={"provider_id": "other"}),
    Page("sso-unlink", Gate.SIGN_IN, {"POST": 302}),
    Page("forgotten", Gate.OPEN, FORM),
    Page("new-password", Gate.OPEN, FORM, query="?key=1.wrong"),
    Page("settings", Gate.SIGN_IN, ACT),
    Page("settings-mail", Gate.SIGN_IN, {"POST": 200}),
    Page("mail-confirm", Gate.SIGN_IN, FORM, query="?key=wrong"),
    Page("settings-password", Gate.SIGN_IN, FORM),
    Page("settings-second-step", Gate.SIGN_IN, FORM),
    Page("second-step-prepare", Gate.SIGN_IN, {"POST": 302}),
    Page("second-step-off", Gate.SIGN_IN, {"POST": 200}),
    Page("session-list", Gate.SIGN_IN, READ),
    Page("session-end", Gate.SIGN_IN, {"POST": 302}, about="session", body={"session": "REF"}),
    Page("token-list", Gate.SIGN_IN, FORM, body={"name": "Tool", "scope": "read", "days": "90"}),
    Page("token-list", Gate.SIGN_IN, FORM),
    Page("token-revoke", Gate.SIGN_IN, ACT, about="token", kwargs={"pk": "REF"}),
    # People and teams
    Page("people", Gate.SIGN_IN, READ, may="administers"),
    *(
        Page(name, Gate.SIGN_IN, answers, may="administers", kwargs={"username": username})
        for name, answered in (
            ("person", READ),
            ("person-roles", {"POST": 302}),
            ("person-deactivate", ACT),
            ("person-reactivate", {"POST": 302}),
            ("person-second-step", {"POST": 302}),
        )
        # To everybody else it must not tell which accounts there are.
        for username, answers in (
            ("guest", answered),
            ("n0body", dict.fromkeys(answered, 404)),
        )
    ),
    Page("redact", Gate.SIGN_IN, FORM, may="administers"),
    Page("invite", Gate.SIGN_IN, FORM, may="leads", body={"team": "platform"}),
    # Leads invite into their teams, and nobody without a team.
    Page("invite", Gate.SIGN_IN, FORM, may="leads", may_change="administers"),
    Page("invitation", Gate.OPEN, FORM, query="?key=wrong"),
    Page(
        "invitation-revoke", Gate.SIGN_IN, {"POST": 302}, about="invitation", kwargs={"ref": "REF"}
    ),
    Page("teams", Gate.SIGN_IN, READ),
    Page("team-new", Gate.SIGN_IN, FORM, may="administers"),
    Page("team", Gate.SIGN_IN, READ, about="team", kwargs=ONE_TEAM),
    Page(
        "team-rename",
        Gate.SIGN_IN,
        {"POST": 302},
        about="team",
        may_change="leads",
        kwargs=ONE_TEAM,
        body={"name": "Another name"},
    ),
    Page(
        "team-role",
        Gate.SIGN_IN,
        {"POST": 302},
        about="team",
        may_change="leads",
        kwargs=ONE_TEAM,
        body={"username": "guest", "role": "reader"},
    ),
    Page(
        "team-remove",
        Gate.SIGN_IN,
        {"POST": 302},
        about="team",
        may_change="leads",
        kwargs=ONE_TEAM,
        body={"username": "reader"},
    ),
    Page("team-leave", Gate.SIGN_IN, ACT, about="membership", kwargs=ONE_TEAM),
    # Audit log
    Page("audit", Gate.SIGN_IN, READ, may="administers"),
    Page("audit-file", Gate.SIGN_IN, READ, may="administers"),
    # API
    Page("api-schema", Gate.OPEN, READ),
    Page("api-page", Gate.OPEN, READ),
)
PAGES = (
    *POSTMORTEM_PAGES,
    *ACTION_PAGES,
    *GATHERED_PAGES,
    *OTHER_PAGES,
    *SITE_API_PAGES,
    *READING_API_PAGES,
)
