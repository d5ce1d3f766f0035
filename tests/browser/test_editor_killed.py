"""Chromium is killed while somebody types: little of the typing is lost, with and without a server."""

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page

from tests.browser.conftest import (
    ARGUMENTS,
    PATIENCE_MS,
    let_requests_end,
    sign_in,
    take_back,
    wait_for_copy,
)
from tests.makers import make_team, make_user
from tests.soak import IS_FULL
from tests.system_packages import find_chromium

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

MODES = ("online", "offline", "signed-out")
ROUNDS = 20 if IS_FULL else 3
SECOND = 1.0
UNKEPT = 5


@pytest.fixture
def start(browser, site, tmp_path):
    """Starts a Chromium whose profile outlives it; `browser` keeps Playwright running."""
    contexts = []

    def started(folder: str):
        context = browser.browser_type.launch_persistent_context(
            tmp_path / folder,
            executable_path=find_chromium(),
            args=ARGUMENTS,
            base_url=site,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return context

    yield started
    for context in contexts:
        # Of one that was killed there is nothing to close any more.
        with suppress(Error):
            context.close()
    let_requests_end()


def processes_of(folder: Path) -> list[int]:
    """The processes of the browser with that profile."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def kill(folder: Path) -> None:
    for pid in processes_of(folder):
        os.kill(pid, signal.SIGKILL)
    while processes_of(folder):
        time.sleep(0.02)


def come_back(page: Page) -> None:
    """Sign in where the browser, which was killed, has not kept who it was."""
    page.goto("/sign-in/")
    if page.get_by_label("Password", exact=True).count():
        sign_in(page, "writer")


def type_until_killed(page: Page, folder: Path, count: int) -> int:
    """Type so many letters, then kill; returns how many of them must come back.

    How many were typed more than a second before, in full; a busy machine may be slower than that, so else
    as many as the browser had on its disk before the last few were typed.
    """
    page.locator("#sections-impact").focus()
    times = type_letters(page, count)
    if not IS_FULL:
        wait_for_copy(page, "x" * count)
        type_letters(page, UNKEPT)
    killed = time.monotonic()
    kill(folder)
    return sum(at < killed - SECOND for at in times) if IS_FULL else count


def type_letters(page: Page, count: int) -> list[float]:
    """Type so many letters; returns when each was typed."""
    times = []
    for _letter in range(count):
        page.keyboard.type("x")
        times.append(time.monotonic())
        time.sleep(0.02)
    return times


def recovered(page: Page) -> int:
    """How many letters the editor gives back, from this browser or from the server."""
    page.goto("/p/new/")
    take_back(page)
    return len(page.locator("#sections-impact").input_value())


def test_at_most_a_second_of_typing_is_lost(start, tmp_path):
    make_user("writer", team=make_team("platform"))
    dice = random.Random(20_261_121)

    for number in range(ROUNDS):
        mode, folder = MODES[number % len(MODES)], f"profile-{number}"
        context = start(folder)
        page = context.new_page()
        sign_in(page, "writer")
        page.goto("/p/new/")
        page.locator("#title").fill(f"Round {number}")
        if mode == "offline":
            context.set_offline(True)
        if mode == "signed-out":
            context.clear_cookies()
        typed = type_until_killed(page, tmp_path / folder, dice.randint(60, 120))

        context = start(folder)
        page = context.new_page()
        come_back(page)
        assert recovered(page) >= typed, (number, mode, typed)
        # What stays open keeps its connections, and whoever waits for the end of requests waits for those.
        context.close()
