"""Marks: counted exactly, by as many at once as there are."""

import sqlite3
import threading

import pytest
from django.db import connection

from postmortems import marks


def test_a_key_bears_so_many_marks_and_no_more(db):
    taken = [marks.take("one", most=3, seconds=3600) for _ in range(5)]

    assert [number is not None for number in taken] == [True, True, True, False, False]
    assert marks.take("another", most=3, seconds=3600) is not None


def test_a_mark_ends_by_itself(db):
    assert marks.once("one", seconds=-1)

    assert marks.once("one", seconds=3600)
    assert not marks.once("one", seconds=3600)


def test_a_mark_that_is_given_back_was_never_there(db):
    number = marks.take("one", most=1, seconds=3600)

    marks.give_back(number)

    assert marks.once("one", seconds=3600)


@pytest.mark.django_db(transaction=True)
def test_threads_at_once_take_no_mark_too_many():
    taken = []

    def take_some():
        for _ in range(4):
            taken.append(marks.take("one", most=10, seconds=3600))
        connection.close()

    threads = [threading.Thread(target=take_some) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == 64
    assert len([number for number in taken if number is not None]) == 10


# --- Tallies --------------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is set: `clock[0] += 60`."""
    moment = [1_700_000_040.0]
    monkeypatch.setattr(marks.time, "time", lambda: moment[0])
    return moment


def test_each_call_counts_one_more(db, clock):
    assert [marks.count("one", seconds=60) for _ in range(3)] == [1, 2, 3]
    assert marks.count("another", seconds=60) == 1


def test_another_span_counts_from_one_again(db, clock):
    marks.count("one", seconds=60)
    clock[0] += 59.9
    assert marks.count("one", seconds=60) == 2

    clock[0] += 0.1
    assert marks.count("one", seconds=60) == 1


def test_who_comes_late_from_the_former_span_begins_no_span_anew(db, clock):
    marks.count("one", seconds=60)
    clock[0] += 60
    assert [marks.count("one", seconds=60) for _ in range(2)] == [1, 2]

    clock[0] -= 0.1
    assert marks.count("one", seconds=60) == 3
    clock[0] += 0.1
    assert marks.count("one", seconds=60) == 4


def test_a_clock_that_was_set_back_counts_from_one_again(db, clock):
    marks.count("one", seconds=60)

    clock[0] -= 120
    assert [marks.count("one", seconds=60) for _ in range(2)] == [1, 2]


def test_former_spans_are_swept_and_the_present_one_is_kept(db, clock):
    for number in range(3):
        marks.count(f"former {number}", seconds=60)
    clock[0] += marks.KEPT_SECONDS + 60
    marks.count("present", seconds=60)

    clock[0] -= marks.KEPT_SECONDS + 60
    assert marks.count("former 0", seconds=60) == 1
    clock[0] += marks.KEPT_SECONDS + 60
    assert marks.count("present", seconds=60) == 2


@pytest.mark.django_db(transaction=True)
def test_threads_at_once_are_counted_one_by_one(clock):
    counted = []

    def count_some():
        counted.extend(marks.count("one", seconds=60) for _ in range(5))
        connection.close()

    threads = [threading.Thread(target=count_some) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(counted) == list(range(1, 41))


def test_a_file_of_an_older_version_is_given_what_it_lacks(db, settings, clock):
    file = sqlite3.connect(settings.MARKS_FILE)
    file.execute("CREATE TABLE mark (id INTEGER PRIMARY KEY, key TEXT, ends_at REAL)")
    file.execute("INSERT INTO mark (key, ends_at) VALUES ('one', 9e9)")
    file.commit()
    file.close()

    assert [marks.count("one", seconds=60) for _ in range(2)] == [1, 2]
    assert not marks.once("one", seconds=60) or connection.vendor == "postgresql"
