"""A real Chromium against a live server; every page is watched for errors."""

import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    expect,
    sync_playwright,
)

from postmortems.exchange import importing
from postmortems.models import User
from postmortems.search import sync
from taxonomy import lookup
from tests.makers import PASSWORD, SEEDS, make_team, make_user
from tests.system_packages import find_chromium

# How long a page is waited for: a machine that does other things at the same time makes nothing false.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)

# Keeps the browser off the network: it would look for updates and accounts otherwise.
ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these are browser tests, and one worker runs them: one browser is enough."""
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The installed Chromium, headless."""
    # Playwright's event loop runs in this thread; Django's guard would take it for an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def site(transactional_db, live_server, request) -> str:
    """The address of a site without postmortems; with the seed incidents where `seeds` is asked for too."""
    # Before anybody is made: putting the seeds back puts back the whole database.
    if "seeds" in request.fixturenames:
        request.getfixturevalue("seeds")
    return live_server.url


class Kept:
    """The database and the index as they were once the seed incidents stood in them."""

    def __init__(self, folder: Path) -> None:
        self.rows = sqlite3.connect(":memory:", check_same_thread=False)
        self.index = folder / "index"

    def keep(self) -> None:
        """Remember both."""
        connection.connection.backup(self.rows)
        shutil.copytree(settings.SEARCH_INDEX_DIR, self.index)

    def put_back(self) -> None:
        """Make both what they were."""
        self.rows.backup(connection.connection)
        shutil.copytree(self.index, settings.SEARCH_INDEX_DIR, dirs_exist_ok=True)
        lookup.forget()


@pytest.fixture(scope="session")
def kept(tmp_path_factory) -> Iterator[Kept]:
    """What the first import left for the others; for a database in memory alone."""
    kept = Kept(tmp_path_factory.mktemp("kept"))
    yield kept
    kept.rows.close()


@pytest.fixture
def seeds(transactional_db, own_index, kept) -> None:
    """The seed incidents: importing and indexing them takes as long as most tests here."""
    if kept.index.exists():
        kept.put_back()
        return
    importing.import_files(
        sorted(SEEDS.glob("*.md")), by=User.objects.system(), team=make_team("platform")
    )
    if connection.vendor == "sqlite":
        sync.view()
        kept.keep()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console and pages complained about; empty at the end of every test, but for
    what its mark `complains` names: the console says some of it after the test has ended.
    """
    return []


@pytest.fixture
def open_page(request, browser, site, complaints) -> Iterator:
    """Opens an address of the site, if any: `open_page("/", width=390, dark=True, script=False)`."""
    contexts: list[BrowserContext] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def opened(
        path: str | None, *, width: int = 1440, dark: bool = False, script: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if path:
            page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    let_requests_end()
    mark = request.node.get_closest_marker("complains")
    expected = mark.args if mark else ()
    assert [words for words in complaints if not words.startswith(expected)] == []


def led_on(page: Page, button: Locator) -> None:
    """Click what leads to a new page, and wait until that is there with its scripts: what is typed before
    they listen is typed for nobody.
    """
    with page.expect_navigation():
        button.click()


def sign_in(page: Page, name: str) -> None:
    """Sign in by the form, as a person does."""
    page.goto("/sign-in/")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    with page.expect_navigation(url=lambda url: "/sign-in/" not in url):
        page.get_by_role("button", name="Sign in", exact=True).click()


def be_signed_in(page: Page, user: User, site: str) -> None:
    """Give the browser the session that signing in would give it."""
    client = Client()
    client.force_login(user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}
    page.context.add_cookies([cookie])


# What the browser keeps of typed texts, as static/js/local-drafts.js writes it.
COPIES = """(text) => new Promise((resolve, reject) => {
  const asked = indexedDB.open("hindsight-drafts", 2);
  asked.onerror = reject;
  asked.onupgradeneeded = () => asked.transaction.abort();
  asked.onsuccess = () => {
    const database = asked.result;
    const all = database.transaction("copies").objectStore("copies").getAll();
    all.onerror = reject;
    all.onsuccess = () => { database.close(); resolve(JSON.stringify(all.result).includes(text)); };
  };
})"""


def wait_for_copy(page: Page, text: str) -> None:
    """Wait until the browser's own store has the text: what is typed reaches the disk a moment later."""
    page.wait_for_function(COPIES, arg=text)


def take_back(page: Page) -> None:
    """Take a text that was not saved, from the browser's offer or, where it got there, the server's draft.

    What was typed offline goes out as soon as the browser is online, even from a page that is ending: then
    it is the server that has it, and the browser has nothing more to offer.
    """
    page.locator("[data-editor][data-recovered]").wait_for()
    offer = page.get_by_role("button", name="Use it").first
    led_on(page, offer if offer.count() else page.locator(".editor-head a[href*='draft=']").first)


@pytest.fixture
def open_as(open_page, site):
    """Opens an address as somebody: `open_as("keeper", "/p/new/", width=390)`."""

    def opened(name: str, path: str, **options) -> Page:
        page = open_page(None, **options)
        be_signed_in(page, User.objects.get(username=name), site)
        page.goto(path)
        return page

    return opened


@pytest.fixture
def signed_in(open_as):
    """A page of someone who writes: `signed_in("/p/new/")`."""
    make_user("writer", team=make_team("platform"))
    return partial(open_as, "writer")


def let_requests_end() -> None:
    """Wait for what pages asked for last: the database is emptied next, and must not be written to."""
    ends = time.monotonic() + PATIENCE_MS / 1000
    # Looked at again and again instead of joined: one that is only about to begin cannot be joined.
    while any("process_request" in thread.name for thread in threading.enumerate()):
        if time.monotonic() > ends:
            return
        time.sleep(0.01)
