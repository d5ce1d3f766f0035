"""The lines of the table about patterns and what people follow; `table` says how to read them."""

from tests.trust.rules import Gate, Page

READ = {"GET": 200}
ONE_TERM = {"slug": "cause", "pk": "TERM"}
GATHERED_PAGES = (
    Page("patterns", Gate.OPEN, READ, query="?q=secret"),
    Page("patterns", Gate.OPEN, READ, query="?narrow=1&rows=trigger"),
    Page("patterns-csv", Gate.OPEN, READ, kwargs={"card": "matrix"}),
    Page("patterns-csv", Gate.OPEN, {"GET": 404}, kwargs={"card": "walrus"}),
    Page("patterns-svg", Gate.OPEN, READ, kwargs={"card": "matrix"}),
    Page("following", Gate.SIGN_IN, READ),
    Page("following", Gate.SIGN_IN, READ, query="?tab=all"),
    Page("following-read", Gate.SIGN_IN, {"POST": 302}, body={"until": "2026-03-14T09:00Z"}),
    Page("following-settings", Gate.SIGN_IN, READ),
    Page("following-stop", Gate.SIGN_IN, {"POST": 302}, about="following", kwargs={"pk": "REF"}),
    Page("term-follow", Gate.SIGN_IN, {"POST": 302}, kwargs=ONE_TERM),
    Page("saved-follow", Gate.SIGN_IN, {"POST": 302}, about="saved search", kwargs={"ref": "REF"}),
)
