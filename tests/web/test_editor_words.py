"""What the editor points out while one writes: secrets, words, times that cannot be, drafts of one's own."""

import html

import pytest
from django.utils import timezone

from postmortems import drafts
from postmortems.models import Postmortem
from postmortems.templatetags.moments_tags import is_just_now
from postmortems.web import editor_words

pytestmark = pytest.mark.django_db

NEW = "/p/new/"
KEY = "k" * 16
FORM = {"key": KEY, "title": "Routes lost", "version": "0"}
TOKEN = "AKIAIOSFODNN7EXAMPLE"
ABOUT_TOKEN = "This looks like an access token. Take it out, and revoke it."


def card(page: str, name: str) -> str:
    """The tag of the card with that mark, and what stands in it."""
    before, _mark, behind = page.partition(f"{name}-card")
    return before[before.rfind("<section") :] + behind.partition("</section>")[0]


def test_a_returned_page_shows_secrets_and_words_without_a_script(browse, alice):
    text = f"The engineer was careless with {TOKEN}"

    page = browse(alice).post(NEW, FORM | {"summary": text, "do": "rows:lessons"}).text

    assert ABOUT_TOKEN in card(page, "data-secrets")
    assert "“careless”: It judges a person." in card(page, "data-phrases")
    assert " hidden" not in card(page, "data-secrets").partition(">")[0]


def test_saving_a_secret_is_said_once_with_a_way_back(browse, alice):
    client = browse(alice)

    saved = client.post(NEW, FORM | {"summary": TOKEN, "do": "save"}, follow=True).text

    made = Postmortem.objects.get()
    assert f'{ABOUT_TOKEN} <a href="/p/{made.ref}/edit/">Edit</a>' in saved
    form = {"revision": "1", "do": "save", "key": KEY, "summary": f"{TOKEN} and more"}
    again = client.post(f"/p/{made.ref}/edit/", FORM | form, follow=True).text
    assert ABOUT_TOKEN not in again


def test_an_end_before_the_start_is_said_and_saved_all_the_same(browse, alice):
    times = {"started": "2023-01-01", "resolved": "2022-05-05"}

    answer = browse(alice).post("/drafts/keep/", FORM | times).json()
    browse(alice).post(NEW, FORM | times | {"do": "save"})

    said = {item["id"]: (item["state"], item["words"]) for item in answer["understood"]}
    assert said["resolved"] == ("warn", "5 May 2022: that is before the start.")
    assert said["started"][0] == "good"
    assert Postmortem.objects.count() == 1


@pytest.mark.parametrize("resolved", ["2023", "≤ 2023-01-01", "2023-01-01 19:00"])
def test_what_could_be_after_the_start_is_not_doubted(browse, alice, resolved):
    times = {"started": "2023-01-01 12:00", "resolved": resolved}

    answer = browse(alice).post("/drafts/keep/", FORM | times).json()

    assert {item["id"]: item["state"] for item in answer["understood"]}["resolved"] == "good"


def test_the_kinds_of_signals_are_no_words_to_look_for():
    row = {"signals.0.id": "s-1", "signals.0.kind": "symptom", "signals.0.text": "certificate"}

    told = editor_words.telling_in({"title": "Expired", "started": "2023"} | row)

    assert told == ["Expired", "certificate"]


def test_of_a_long_text_the_beginning_is_looked_at_and_that_is_said(browse, alice):
    text = f"{TOKEN} " + "word " * 41_000

    answer = browse(alice).post("/drafts/keep/", FORM | {"sections.impact": text}).json()

    assert answer["is_cut"]
    assert answer["secrets"] == [ABOUT_TOKEN]


def test_the_longest_text_is_cut_and_not_the_short_ones_behind_it():
    texts, is_cut = editor_words.looked_at(["a" * 300_000, "b" * 10])

    assert (len(texts[0]), texts[1], is_cut) == (199_990, "b" * 10, True)


def test_a_short_text_is_looked_at_whole():
    assert editor_words.looked_at(["one", "two"]) == (["one", "two"], False)


# --- Drafts of one's own --------------------------------------------------------------------------


def test_a_draft_without_a_title_is_called_so_and_can_be_discarded(browse, alice):
    drafts.keep(KEY, {"summary": "x"}, by=alice)
    client = browse(alice)

    page = client.get(NEW).text

    assert f'<a href="?draft={KEY}">Untitled</a>' in page
    assert page.count('action="/drafts/discard/"') == 1
    answer = client.post("/drafts/discard/", {"key": KEY, "next": NEW})
    assert answer.url == NEW
    assert not drafts.unsaved(alice).exists()


def test_a_draft_is_dated_in_the_language_of_its_reader(browse, alice):
    draft = drafts.keep(KEY, {"title": "x"}, by=alice)
    client = browse(alice)
    client.cookies["django_language"] = "zh-hans"

    page = html.unescape(client.get(NEW).text)

    kept = timezone.localtime(draft.kept_at)
    assert f"{kept.year}年{kept.month}月{kept.day}日" in page


def test_what_was_just_saved_is_no_minutes_old():
    now = timezone.now()

    assert is_just_now(now)
    assert not is_just_now(now - timezone.timedelta(minutes=2))
