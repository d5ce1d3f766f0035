"""Marks: counted exactly, by as many at once as there are."""

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
