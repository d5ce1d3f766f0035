"""Calls that go on beside their caller: each is made once, whoever makes it, and nothing of it is lost."""

import threading

import pytest

from postmortems.search.beside import begun


def test_a_call_goes_on_beside_its_caller():
    mine, theirs = threading.get_ident(), []
    started = threading.Event()

    def call():
        theirs.append(threading.get_ident())
        started.set()
        return "counted"

    answer = begun(call)
    assert started.wait(60)

    assert answer() == "counted"
    assert len(theirs) == 1
    assert theirs[0] != mine


def test_what_has_not_begun_is_done_by_who_needs_it():
    first_may_end, made = threading.Event(), []
    first = begun(lambda: first_may_end.wait(60))
    second = begun(lambda: made.append(threading.get_ident()))

    second()
    first_may_end.set()

    assert made == [threading.get_ident()]
    assert first()


def test_what_a_call_raises_is_raised_where_it_is_wanted():
    def call():
        raise KeyError("walrus")

    with pytest.raises(KeyError, match="walrus"):
        begun(call)()
