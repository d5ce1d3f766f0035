"""The lines of the table about the API beside postmortems; `table` says how to read them."""

from tests.trust.rules import Gate, Page

READ = {"GET": 200}
ONE_TEAM = {"slug": "REF"}
SITE_API_PAGES = (
    Page("api:me", Gate.API, {"GET": 200, "PATCH": 415}),
    Page("api:preview", Gate.API, {"POST": 415}),
    Page("api:tokens", Gate.API_ADMIN, {"GET": 200, "POST": 415}),
    Page(
        "api:token",
        Gate.API_ADMIN,
        {"GET": 200, "DELETE": 204},
        about="token",
        kwargs={"token_id": "REF"},
    ),
    Page("api:vocabularies", Gate.API_ADMIN, {"GET": 200, "POST": 415}, may_change="curates"),
    Page(
        "api:vocabulary",
        Gate.API_ADMIN,
        {"GET": 200, "PATCH": 428},
        may_change="curates",
        kwargs={"slug": "cause"},
    ),
    Page("api:terms", Gate.API_ADMIN, {"GET": 200, "POST": 415}, may_change="curates"),
    Page(
        "api:term",
        Gate.API_ADMIN,
        {"GET": 200, "PATCH": 428},
        may_change="curates",
        kwargs={"term_id": "TERM"},
    ),
    *(
        Page(
            f"api:term-{verb}",
            Gate.API_ADMIN,
            {"POST": 428},
            may_change="curates",
            kwargs={"term_id": "TERM"},
        )
        for verb in ("retire", "restore", "merge")
    ),
    Page("api:term-record", Gate.API_READ, READ, kwargs={"term_id": "TERM"}),
    Page("api:term-follow", Gate.API, {"POST": 200}, kwargs={"term_id": "TERM"}),
    Page("api:teams", Gate.API_ADMIN, {"GET": 200, "POST": 415}, may_change="administers"),
    Page(
        "api:team",
        Gate.API_ADMIN,
        {"GET": 200, "PATCH": 415},
        about="team",
        may_change="leads",
        kwargs=ONE_TEAM,
    ),
    Page("api:members", Gate.API_READ, {"GET": 200}, about="team", kwargs=ONE_TEAM),
    Page(
        "api:member",
        Gate.API_ADMIN,
        {"GET": 200, "PUT": 415, "DELETE": 204},
        about="team",
        may_change="leads",
        kwargs=ONE_TEAM | {"username": "author"},
    ),
    Page("api:audit", Gate.API_READ, {"GET": 200}, may="administers"),
    Page("api:search", Gate.API_READ, READ, query="?q=secret"),
    *(
        Page(f"api:patterns-{name}", Gate.API_READ, READ, query="?q=secret")
        for name in (
            *("findings", "matrix", "trends", "over-represented"),
            *("together", "times", "recurrence", "gaps"),
        )
    ),
    Page(
        "api:postmortems",
        Gate.API,
        {"GET": 200, "POST": 201},
        query="?facets=1",
        may_change="writes in a team",
        json='{"title": "A secret"}',
    ),
    Page("api:actions", Gate.API_READ, READ, query="?status=unknown"),
    Page("api:actions-status", Gate.API, {"POST": 415}),
    Page("api:actions-confirm", Gate.API, {"POST": 415}),
    Page("api:lessons", Gate.API_READ, READ, query="?q=secret"),
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
    Page(
        "api:saved-search-follow",
        Gate.API,
        {"POST": 200},
        about="saved search",
        kwargs={"ref": "REF"},
    ),
    Page("api:following", Gate.API_READ, READ),
    Page(
        "api:following-one",
        Gate.API,
        {"GET": 200, "DELETE": 204},
        about="following",
        kwargs={"following_id": "REF"},
    ),
    Page("api:imports", Gate.API, {"GET": 200, "POST": 400}, may_change="writes somewhere"),
    Page("api:import", Gate.API, {"GET": 200}, about="import", kwargs={"ref": "REF"}),
    Page("api:import-undo", Gate.API, {"POST": 200}, about="import", kwargs={"ref": "REF"}),
    Page("api:exports", Gate.API_READ, READ, query="?q=secret"),
    Page("api:nothing", Gate.API_NOTHING, {}, kwargs={"rest": "nothing/"}),
)
