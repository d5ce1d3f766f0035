"""The addresses of the REST API with what they answer."""

from tests.project.url_row import (
    API_TALK,
    API_VERBS,
    BINNED,
    DRAFT,
    HISTORY,
    IMPORT,
    OF_A_COMMENT,
    OF_TEAM,
    ONLY_POST,
    OPEN,
    PLATFORM,
    PUBLIC,
    RESTRICTED,
    SAVED,
    TEAM_ONLY,
    Row,
)

API_ROWS = (
    Row("api:search", OPEN),
    Row("api:postmortems", OPEN, query="?facets=1"),
    Row("api:postmortems", (401, 415, 415, 415), method="post"),
    Row("api:postmortem", OPEN, {"ref": PUBLIC}),
    Row("api:postmortem", TEAM_ONLY, {"ref": RESTRICTED}),
    Row("api:postmortem", (401, 428, 403, 428), {"ref": PUBLIC}, method="put"),
    Row("api:postmortem", (401, 428, 403, 428), {"ref": PUBLIC}, method="patch"),
    Row("api:postmortem", (401, 428, 404, 428), {"ref": RESTRICTED}, method="delete"),
    *(Row(f"api:postmortem-{verb}", ONLY_POST, {"ref": PUBLIC}) for verb in API_VERBS),
    *(
        Row(f"api:postmortem-{verb}", (401, 415, 404, 415), {"ref": RESTRICTED}, method="post")
        for verb in API_VERBS
        if verb != "restore"
    ),
    Row("api:postmortem-restore", (401, 415, 404, 415), {"ref": BINNED}, method="post"),
    Row("api:postmortem-timeline", OPEN, {"ref": PUBLIC}),
    Row("api:postmortem-timeline", TEAM_ONLY, {"ref": RESTRICTED}),
    Row("api:postmortem-timeline", (401, 428, 403, 428), {"ref": PUBLIC}, method="post"),
    Row("api:postmortem-timeline-entry", (404,) * 4, {"ref": PUBLIC, "item_id": "t1"}),
    Row("api:postmortem-actions", OPEN, {"ref": PUBLIC}),
    Row("api:postmortem-actions", TEAM_ONLY, {"ref": RESTRICTED}),
    Row("api:postmortem-actions", (401, 428, 403, 428), {"ref": PUBLIC}, method="post"),
    Row("api:postmortem-action", (404,) * 4, {"ref": PUBLIC, "item_id": "a1"}),
    Row("api:postmortem-revisions", HISTORY, {"ref": PUBLIC}),
    Row("api:postmortem-revision", HISTORY, {"ref": PUBLIC, "number": "1"}),
    Row("api:postmortem-differences", HISTORY, {"ref": PUBLIC, "before": "1", "after": "1"}),
    Row("api:postmortem-reviews", HISTORY, {"ref": PUBLIC}),
    Row("api:postmortem-reviews", (401, 400, 404, 400), {"ref": PUBLIC}, method="put"),
    Row("api:postmortem-comments", HISTORY, {"ref": DRAFT}),
    Row("api:postmortem-comments", (401, 415, 404, 415), {"ref": DRAFT}, method="post"),
    Row("api:postmortem-comment", HISTORY, OF_A_COMMENT),
    Row("api:postmortem-comment", (401, 400, 404, 400), OF_A_COMMENT, method="patch"),
    *(Row(f"api:postmortem-{verb}", ONLY_POST, OF_A_COMMENT) for verb in API_TALK),
    *(
        Row(f"api:postmortem-{verb}", (401, 415, 404, 415), OF_A_COMMENT, method="post")
        for verb in API_TALK
    ),
    Row("api:actions", OPEN, query="?status=open"),
    Row("api:suggest", OPEN, query="?q=cause:&at=6"),
    Row("api:postmortem-similar", OPEN, {"ref": PUBLIC}),
    Row("api:postmortem-similar", TEAM_ONLY, {"ref": RESTRICTED}),
    Row("api:postmortem-known", OPEN, {"ref": PUBLIC}),
    Row("api:postmortem-known", TEAM_ONLY, {"ref": RESTRICTED}),
    *(
        Row(f"api:postmortem-{said}", answers, {"ref": PUBLIC, "other": other}, method=method)
        for said in ("same-defect", "dismissal")
        for method, done in (("put", 200), ("delete", 204))
        for other, answers in (
            (OF_TEAM, (401, done, 404, done)),
            (RESTRICTED, (401, done, 404, done)),
            (PUBLIC, (401, 404, 404, 404)),
        )
    ),
    *(
        Row(f"api:postmortem-{said}", ONLY_POST, {"ref": PUBLIC, "other": OF_TEAM})
        for said in ("same-defect", "dismissal")
    ),
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
    Row("api:me", OPEN),
    Row("api:me", (401, 200, 200, 200), method="patch"),
    Row("api:preview", ONLY_POST),
    Row("api:preview", (401, 415, 415, 415), method="post"),
    Row("api:tokens", OPEN),
    Row("api:tokens", (401, 415, 415, 415), method="post"),
    Row("api:token", (404,) * 4, {"token_id": "71000099"}),
    Row("api:vocabularies", OPEN),
    Row("api:vocabularies", (401, 403, 403, 415), method="post"),
    Row("api:vocabulary", OPEN, {"slug": "cause"}),
    Row("api:vocabulary", (404,) * 4, {"slug": "nothing"}),
    Row("api:vocabulary", (401, 403, 403, 428), {"slug": "cause"}, method="patch"),
    Row("api:terms", OPEN, query="?vocabulary=cause&q=dns"),
    Row("api:terms", (401, 403, 403, 415), method="post"),
    Row("api:term", OPEN, {"term_id": "TERM"}),
    Row("api:term", (401, 403, 403, 428), {"term_id": "TERM"}, method="patch"),
    *(
        Row(f"api:term-{verb}", (401, 403, 403, 428), {"term_id": "TERM"}, method="post")
        for verb in ("retire", "restore", "merge")
    ),
    *(Row(f"api:term-{verb}", ONLY_POST, {"term_id": "TERM"}) for verb in ("retire", "restore")),
    Row("api:term-merge", ONLY_POST, {"term_id": "TERM"}),
    Row("api:teams", OPEN),
    Row("api:teams", (401, 403, 403, 415), method="post"),
    Row("api:team", TEAM_ONLY, PLATFORM),
    Row("api:team", (401, 403, 404, 200), PLATFORM, method="patch"),
    Row("api:members", TEAM_ONLY, PLATFORM),
    Row("api:member", TEAM_ONLY, PLATFORM | {"username": "bob"}),
    Row("api:member", (401, 403, 404, 400), PLATFORM | {"username": "bob"}, method="put"),
    Row("api:member", (401, 403, 404, 404), PLATFORM | {"username": "n0body"}, method="delete"),
    Row("api:audit", (403, 403, 403, 200)),
    Row("api:imports", OPEN),
    Row("api:imports", (401, 400, 400, 400), method="post"),
    Row("api:import", (404,) * 4, {"ref": "zzzzzzzz"}),
    Row("api:import", (404, 200, 404, 404), {"ref": IMPORT}),
    Row("api:import-undo", (405,) * 4, {"ref": IMPORT}),
    Row("api:import-undo", (401, 200, 404, 404), {"ref": IMPORT}, method="post"),
    Row("api:exports", OPEN, query="?q=secret"),
    Row("api:nothing", (404,) * 4, {"rest": "nothing/"}),
)
