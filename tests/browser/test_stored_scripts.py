"""No text that people store runs as script on any page, with the content security policy and without."""

import random
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Error, Page, Route

from tests.browser.conftest import let_requests_end
from tests.makers import make_team, make_user
from tests.soak import IS_FULL
from tests.trust.payloads import CLASSES, PAYLOADS
from tests.trust.planting import line, pages_that_echo, plant, plant_postmortem, plant_terms
from tests.trust.planting_people import mails_of, plant_people
from tests.trust.watching import COULD_RUN, SETTLED, Watch

POLICY = "content-security-policy"
PART = 40
RUNS = {
    "<script>hit(0)</script>": "a script ran",
    "<img src=x onerror=hit(0)>": "a script ran",
    "<svg><animate onbegin=hit(0) attributeName=x dur=1s>": "a script ran",
    "<iframe srcdoc='<script>parent.hit(0)</script>'></iframe>": "a script ran",
    "<a href='javascript:hit(0)' autofocus onfocus=this.click()>x</a>": "a script ran",
    "<img src=x onerror=alert(0)>": "dialog 0",
    "<img src=x onerror=print()>": "the page was printed",
    "<img src=//outside.example/pixel>": "asked http://outside.example/pixel",
    "<meta http-equiv=refresh content='0;url=//outside.example/'>": "asked http://outside.example/",
    "<style>@import '//outside.example/a.css';</style>": "asked http://outside.example/a.css",
}


def parts() -> list[list[str]]:
    """The payloads in parts that fit a page: one in each run, of every class some, else all of them."""
    dice = random.Random(5)
    if IS_FULL:
        return [list(PAYLOADS[start : start + PART]) for start in range(0, len(PAYLOADS), PART)]
    return [[text for texts in CLASSES.values() for text in dice.sample(texts, 2)]]


@pytest.fixture
def watched(browser, live_server):
    """Opens a browser that is watched: `watched(user, bypass_csp=True)` gives a page and its watch."""
    contexts = []

    def opened(user=None, **options):
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        watch = Watch(context, urlsplit(live_server.url).netloc)
        if user:
            client = Client()
            client.force_login(user)
            key = client.cookies[settings.SESSION_COOKIE_NAME].value
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": key, "url": live_server.url}])
        page = context.new_page()
        # The editor with all of them in all of its fields is large, and the machine may be busy.
        page.set_default_timeout(300_000)
        return page, watch

    yield opened
    for context in contexts:
        context.close()
    let_requests_end()


@pytest.fixture
def keeper(transactional_db):
    """Administers, writes and curates, under a name that would run."""
    team = make_team("platform")
    team.name = line("<img src=x onerror=hit(0)>")
    team.save()
    user = make_user("keeper", team=team, role="lead", is_administrator=True, is_curator=True)
    user.name = "<script>hit(0)</script>"
    user.save()
    return user


def problems_of(page: Page, watch: Watch, path: str, *, is_echo: bool = False) -> list[str]:
    """What a page did or could do that it must not."""
    try:
        response = page.goto(path)
    except Error as error:
        # What is downloaded runs nothing.
        if "Download is starting" in error.message:
            return []
        raise
    page.evaluate(SETTLED)
    assert response.status in (200, 404 if is_echo else 200), path
    found = [*watch.noticed, *page.evaluate(COULD_RUN)]
    watch.noticed.clear()
    if urlsplit(page.url).path != urlsplit(path).path and response.request.redirected_from is None:
        found.append(f"led to {page.url}")
    return [f"{path}: {item}" for item in found]


@pytest.mark.slow
@pytest.mark.timeout(3_600 if IS_FULL else 900)
@pytest.mark.parametrize("payloads", parts(), ids=lambda part: part[0][:20])
def test_nothing_that_is_stored_runs_on_any_page(payloads, keeper, watched):
    paths = plant(payloads, keeper, keeper.teams.get())
    stripped, stripped_watch = watched(keeper, bypass_csp=True)
    page, watch = watched(keeper)

    problems = [item for path in paths for item in problems_of(stripped, stripped_watch, path)]
    for path in pages_that_echo(payloads):
        problems += problems_of(stripped, stripped_watch, path, is_echo=True)
    guarded = paths if IS_FULL else paths[:10]
    problems += [item for path in guarded for item in problems_of(page, watch, path)]

    assert problems == []


@pytest.mark.slow
@pytest.mark.timeout(3_600 if IS_FULL else 900)
@pytest.mark.parametrize("payloads", parts(), ids=lambda part: part[0][:20])
def test_nothing_that_people_say_and_are_called_runs_on_any_page(payloads, keeper, watched):
    paths = plant_people(payloads, keeper, keeper.teams.get())
    stripped, stripped_watch = watched(keeper, bypass_csp=True)

    problems = [item for path in paths for item in problems_of(stripped, stripped_watch, path)]
    for number, text in enumerate(mails_of(keeper)):
        path = f"/mail-{number}"
        stripped.route(f"**{path}", mail_page(text))
        problems += problems_of(stripped, stripped_watch, path)

    assert problems == []


def mail_page(text: str):
    """Answers with a mail as if it were a page, with nothing that keeps scripts from running."""
    return lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8")


def test_nothing_runs_where_the_header_itself_was_taken_away(keeper, watched):
    plant_terms(PAYLOADS[::40], keeper)
    made = plant_postmortem(PAYLOADS[::40], keeper, keeper.teams.get())
    page, watch = watched(keeper)

    def strip(route: Route) -> None:
        response = route.fetch()
        headers = {name: text for name, text in response.headers.items() if name != POLICY}
        route.fulfill(response=response, headers=headers)

    page.route(f"**{made.get_absolute_url()}", strip)
    with page.expect_response(f"**{made.get_absolute_url()}") as answered:
        problems = problems_of(page, watch, made.get_absolute_url())

    assert POLICY not in answered.value.headers
    assert problems == []


@pytest.mark.parametrize(("payload", "noticed"), RUNS.items(), ids=range(len(RUNS)))
def test_the_watch_notices_what_runs(payload, noticed, transactional_db, watched):
    page, watch = watched()
    raw = f"<!doctype html><title>x</title><main>{payload}</main>"
    page.route("**/raw", lambda route: route.fulfill(body=raw, content_type="text/html"))

    try:
        page.goto("/raw")
    except Error as error:
        # It was led away before it was there.
        if "net::ERR" not in error.message and "interrupted" not in error.message:
            raise
    for _wait in range(200):
        if watch.noticed:
            break
        page.wait_for_timeout(50)

    assert watch.noticed[0] == noticed
