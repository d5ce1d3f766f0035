"""The times of entries in the editor: what was understood stands beside what was typed."""

import pytest

pytestmark = pytest.mark.django_db

ENTRIES = (
    ("t1", "2023-03-14 23:50 UTC", "The deploy starts"),
    ("t2", "00:10", "Sites are down"),
    ("t3", "soon", "Somebody looks"),
    ("t4", "+2 min", "It is found"),
    ("t5", "", "Silence"),
)


@pytest.fixture
def form() -> dict[str, str]:
    fields = {"key": "k" * 16, "version": "0", "title": "T"}
    for number, (entry_id, when, text) in enumerate(ENTRIES):
        row = {"id": entry_id, "when": when, "text": text, "kind": "action"}
        fields |= {f"timeline.{number}.{name}": value for name, value in row.items()}
    return fields


WORDS = ("15 Mar 2023, 00:10 UTC", "+ 2 min, counted from 3, “Somebody looks”")


@pytest.mark.parametrize("title", ["T", ""])
def test_keeping_answers_how_the_time_of_each_entry_was_read(browse, alice, form, title):
    answer = browse(alice).post("/drafts/keep/", form | {"title": title}).json()

    said = {item["id"]: (item["state"], item["words"]) for item in answer["understood"]}
    assert [said[f"timeline-{number}-when"][0] for number in range(5)] == [
        *("good", "good", "warn", "good", "open")
    ]
    assert tuple(said[f"timeline-{number}-when"][1] for number in (1, 3)) == WORDS


def test_the_page_shows_it_too(browse, alice, form):
    page = browse(alice).post("/p/new/", form | {"do": "preview"}).text

    assert all(words in page for words in WORDS)
    assert all(f'data-understood="timeline-{number}-when"' in page for number in range(5))
    assert 'data-understood="timeline-6-when"' not in page


def test_what_counts_from_another_entry_says_which_and_what_the_clock_showed(browse, alice, form):
    form |= {"timeline.3.when": "+2 min after t2", "detected": "after t1 + 5 min"}

    answer = browse(alice).post("/drafts/keep/", form).json()

    said = {item["id"]: item["words"] for item in answer["understood"]}
    assert said["timeline-3-when"] == (
        "15 Mar 2023, 00:12 UTC: + 2 min, counted from 2, “Sites are down”"
    )
    assert said["detected"].startswith("14 Mar 2023, 23:55 UTC: + 5 min, counted from 1,")
