"""The lines of the table about actions, lessons and trackers; `table` says how to read them."""

from tests.trust.rules import Gate, Page

READ = {"GET": 200}
FORM = {"GET": 200, "POST": 200}
ACT = {"GET": 200, "POST": 302}
GONE = {"GET": 404, "POST": 404}
ABSENT = {"pk": "71900009"}
ACTION_PAGES = (
    Page("actions", Gate.OPEN, READ, query="?status=unknown"),
    Page("actions-file", Gate.OPEN, READ, query="?status=unknown"),
    Page("actions-mark", Gate.SIGN_IN, {"POST": 302}),
    Page("actions-mark", Gate.SIGN_IN, {"POST": 302}, body={"do": "set", "status": "done"}),
    Page("lessons", Gate.OPEN, READ, query="?q=secret"),
    Page("lessons-file", Gate.OPEN, READ, query="?q=secret"),
    Page("trackers", Gate.SIGN_IN, FORM, may="curates"),
    Page(
        "trackers",
        Gate.SIGN_IN,
        ACT,
        may="curates",
        body={"name": "Jira", "ticket_url": "https://example.org/?t={title}"},
    ),
    Page(
        "tracker-edit",
        Gate.SIGN_IN,
        GONE,
        may="curates",
        kwargs=ABSENT,
    ),
    Page(
        "tracker-remove",
        Gate.SIGN_IN,
        GONE,
        may="curates",
        kwargs=ABSENT,
    ),
)
