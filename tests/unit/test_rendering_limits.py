"""Hostile Markdown costs about a second and bounded memory, and then stands there as it was typed."""

import os
import random
import resource
import signal
import threading
import time

import pytest

from postmortems import rendering
from postmortems.rendering import BUSY, TOO_SLOW, Busy, Rendered, is_cheap, render, render_many

# What superlinear parsers choke on: (before, repeated, between, repeated again).
HOSTILE = {
    "openers": ("", "[", "", ""),
    "openers with words": ("", "[a", "", ""),
    "nested brackets": ("", "[", "a", "]"),
    "images in images": ("", "![[]()", "", ""),
    "links without end": ("", "[a](b", "", ""),
    "angled links without end": ("", "[a](<b", "", ""),
    "brackets and parentheses": ("", "[ (](", "", ""),
    "links and emphasis": ("", "[ a_", "", ""),
    "strong in emphasis": ("", "*a **a ", "b", " a** a*"),
    "emphasis nobody closes": ("", "_a ", "", ""),
    "stars and underscores": ("**_", "*_", "x", ""),
    "backticks": ("", "``\\", "", ""),
    "comments": ("</", "<!--", "", ""),
    "tags": ("", "<a ", "", ""),
    "quotes": ("", "> ", "a", ""),
    "quotes and stars": ("", ">", "", "a*"),
    "lists in lists": ("", "- ", "x", "\n"),
    "numbers in numbers": ("", "1. ", "x", ""),
    "fences": ("", "```\n", "", ""),
    "headings": ("", "# same\n", "", ""),
    "footnotes": ("", "[^1]", "\n\n[^1]: x", ""),
    "definitions": ("", "[a]: u\n", "[a]", ""),
    "tables": ("|a|b|\n|-|-|\n", "|x|y|\n", "", ""),
    "pipes": ("", "|", "\n", "|-"),
    "spaces": ("", " ", "*$*", ""),
    "entities": ("", "&#", "*x*", ""),
    "words": ("*x* ", "word ", "", ""),
    "marks on a letter": ("*x* a", "\u0301", "", ""),
}


def hostile(name: str, count: int) -> str:
    before, unit, between, again = HOSTILE[name]
    return before + unit * count + between + again * count


@pytest.fixture(autouse=True)
def nothing_remembered():
    rendering._remembered.cache_clear()
    rendering.SLOW.clear()


SOAK = bool(os.environ.get("HINDSIGHT_SOAK"))
SIZES = (1000, 2000, 4000, 8000, 16_000, 32_000)
RUNS = [(name, size) for name in HOSTILE for size in SIZES]
SEEDED = RUNS if SOAK else random.Random(20).sample(RUNS, len(RUNS) // 20)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "size"), SEEDED)
def test_a_hostile_text_ends_soon(name, size):
    rendered = render(hostile(name, size))

    # The child's processor time is what ends it; only an overloaded machine makes it BUSY.
    assert rendered.notice in ("", TOO_SLOW, BUSY)
    assert rendered.html


@pytest.mark.parametrize("name", HOSTILE)
def test_a_text_laid_out_in_this_process_is_quick(name):
    cheap = next(text for count in range(200, 0, -1) if is_cheap(text := hostile(name, count)))
    render("*warm*")
    started = time.process_time()

    rendered = render(cheap)

    assert time.process_time() - started < 5
    assert rendered.notice == ""


def test_a_slow_text_is_shown_as_it_was_typed():
    text = "<b>" + hostile("openers", 8000)

    rendered = render(text)

    assert rendered.notice == TOO_SLOW
    assert rendered.html == f'<pre class="plain">&lt;b&gt;{"[" * 8000}</pre>'
    assert rendered.plain == text


def test_a_slow_text_is_tried_once():
    text = hostile("openers", 8000)
    render(text)
    started = time.process_time()

    assert render(text).notice == TOO_SLOW
    assert time.process_time() - started < 2


def test_many_slow_texts_share_one_budget():
    slow = [hostile("openers", 8000 + number) for number in range(10)]

    rendered = render_many([*slow, "prose", "*cheap*"])

    assert {rendered[text].notice for text in slow} <= {TOO_SLOW, BUSY}
    assert rendered[slow[-1]] == Rendered(f'<pre class="plain">{slow[-1]}</pre>', slow[-1], BUSY)
    assert rendered["*cheap*"].notice == rendered["prose"].notice == ""


def test_a_text_too_deep_is_shown_as_it_was_typed():
    rendered = render(hostile("numbers in numbers", 4000))

    assert rendered.notice == TOO_SLOW
    assert rendered.html.startswith('<pre class="plain">1. 1. ')


def test_a_child_is_used_again_and_replaced_after_its_end():
    long = "*long* " * 100
    render(long)
    first = rendering.CHILD.process

    render(long + "again")
    second = rendering.CHILD.process
    slow = render(hostile("openers", 8000))
    after = render(long + "after")

    assert second is first
    assert slow.notice == TOO_SLOW
    assert first.returncode == -signal.SIGPROF
    assert after.html.startswith("<p><em>long</em>")
    assert after.html.endswith("after</p>")


def test_a_child_that_was_killed_is_replaced():
    render("*a* " * 100)
    rendering.CHILD.process.kill()
    rendering.CHILD.process.wait()

    assert render("*b* " * 100).notice == ""


def test_a_child_that_does_not_answer_is_given_up():
    render("*a* " * 100)
    os.kill(rendering.CHILD.process.pid, signal.SIGSTOP)
    # Only for this one: starting another takes longer on a busy machine.
    rendering.CHILD.socket.settimeout(0.5)
    text = "*b* " * 100

    assert render(text).notice == BUSY
    assert render(text).notice == ""


def test_a_child_that_cannot_start_leaves_the_text_readable(monkeypatch):
    rendering.CHILD.end()
    monkeypatch.setattr(rendering.sys, "executable", "/bin/false")
    text = "*a* " * 100

    rendered = render(text)

    assert rendered.notice == BUSY
    assert rendered.plain == text


def test_a_busy_answer_is_not_remembered(monkeypatch):
    text = "*a* " * 100
    with monkeypatch.context() as patch:
        patch.setattr(rendering.sys, "executable", "/bin/false")
        rendering.CHILD.end()
        with pytest.raises(Busy):
            rendering.CHILD.attempt(text)

    assert render(text).notice == ""


def test_memory_is_bounded():
    rendering.CHILD.end()
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss

    for name in ("headings", "tables"):
        render(hostile(name, 32_000))
    rendering.CHILD.end()

    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert peak <= max(before, 256 * 1024)


def test_threads_share_the_child():
    texts = [f"*{number}* " * 100 for number in range(20)]
    found: dict[str, str] = {}
    threads = [
        threading.Thread(target=lambda text=text: found.update({text: render(text).html}))
        for text in texts
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [found[text][:13] for text in texts] == [
        f"<p><em>{number}</em>"[:13] for number in range(20)
    ]


def test_a_forked_process_makes_a_child_of_its_own():
    render("*a* " * 100)
    mine = rendering.CHILD.process.pid
    read_end, write_end = os.pipe()

    forked = os.fork()
    if forked == 0:
        rendering._remembered.cache_clear()
        notice = render("*b* " * 100).notice
        os.write(write_end, f"{rendering.CHILD.process.pid} {notice}".encode())
        rendering.CHILD.end()
        os._exit(0)
    os.waitpid(forked, 0)
    theirs, notice = os.read(read_end, 100).decode().split(" ")

    assert int(theirs) != mine
    assert notice == ""
    assert render("*c* " * 100).notice == ""
    assert rendering.CHILD.process.pid == mine


def test_a_child_ends_with_its_parent():
    render("*a* " * 100)
    process = rendering.CHILD.process

    rendering.CHILD.socket.shutdown(rendering.socket.SHUT_RDWR)

    assert process.wait(60) == 0
