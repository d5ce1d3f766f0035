"""The audit log: what a row tells, that rows make a chain, and that the database lets nobody change one."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from postmortems import accounts, audit, outbox
from postmortems.audit import chain, masking, origin
from postmortems.models import AuditEntry, User
from tests.append_only import TABLE, lifted, run


@pytest.fixture(autouse=True)
def nowhere():
    """What one test says of its request is nothing to the next."""
    yield
    origin.forget()


def record(subject, **fields):
    """One act of the system user."""
    with outbox.writing():
        audit.record("test", subject, by=User.objects.system(), **fields)
    return AuditEntry.objects.newest_first()[0]


def test_a_row_outside_of_a_writing_transaction_is_refused(alice):
    with pytest.raises(RuntimeError, match="the log lock"), transaction.atomic():
        audit.record("test", alice, by=alice)

    assert not AuditEntry.objects.exists()


def test_a_row_tells_where_the_act_came_from(alice):
    token, _secret = accounts.create_token(alice, by=alice)
    origin.begin(request_id="request-1", address="192.0.2.7")
    origin.acts_by(token)

    entry = record(alice)

    assert (entry.request_id, entry.address) == ("request-1", "192.0.2.7")
    assert (entry.token, entry.token_prefix) == (token, token.prefix)


def test_the_next_request_forgets_the_token_of_the_one_before(alice):
    token, _secret = accounts.create_token(alice, by=alice)
    origin.begin(request_id="request-1", address="192.0.2.7")
    origin.acts_by(token)

    origin.begin(request_id="request-2", address="192.0.2.8")

    assert record(alice).token is None


def test_numbers_have_no_gaps_after_a_rollback(alice):
    first = record(alice)

    with transaction.atomic():
        record(alice)
        transaction.set_rollback(True)

    second = record(alice)
    assert (second.number, second.previous_digest) == (first.number + 1, first.digest)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"a": "one\r\ntwo"}, {"a": r"one\r\ntwo"}),
        ({"a": "\x1b[31mred\u202e"}, {"a": r"\x1b[31mred\u202e"}),
        ({"a\n": ["\x00", {"b": "\ud800"}]}, {r"a\n": [r"\x00", {"b": r"\ud800"}]}),
        ({"n": 7, "f": 1.5, "t": True, "none": None}, {"n": 7, "f": "1.5", "t": True, "none": None}),
        ({"password": "x", "new_secret": "y", "token": "z"}, dict.fromkeys(("password", "new_secret", "token"), "•••")),
        ({"name": "pasted hs_abcdefghijklmnopqrstuvwxyz"}, {"name": "pasted hs_abcde•••"}),
        ({"day": datetime(2026, 3, 14, tzinfo=UTC)}, {"day": "2026-03-14 00:00:00+00:00"}),
    ],
)  # fmt: skip
def test_values_are_stored_as_plain_text_without_secrets(db, given, kept):
    entry = record(User.objects.system(), after=given)

    entry.refresh_from_db()
    assert entry.after == kept


def test_endless_values_are_cut():
    cut = masking.told({"text": "x" * 5_000, "list": list(range(600))})

    assert (len(cut["text"]), len(cut["list"]), cut["list"][-1]) == (4_001, 501, "… 100")


# --- What the database refuses ---------------------------------------------------------------------


@pytest.fixture
def three(alice):
    """A chain of three rows."""
    return [record(alice, after={"count": count}) for count in range(3)]


CHANGES = [
    f"UPDATE {TABLE} SET action = 'other'",
    f"UPDATE {TABLE} SET number = number + 10 WHERE number = 3",
    f"DELETE FROM {TABLE} WHERE number = 3",
    f"DELETE FROM {TABLE}",
]
ROW = "actor_id, actor_name, token_prefix, address, action, object_kind, object_id, object_name, request_id"
INSERT = (
    f"INSERT INTO {TABLE} ({{id}}number, previous_digest, digest, at, {ROW}) "
    f"SELECT {{value}}{{number}}, {{previous}}, 'x', at, {ROW} FROM {TABLE} WHERE number = 3"
)


@pytest.mark.parametrize("sql", CHANGES)
def test_the_database_changes_and_removes_no_row(three, sql):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run(sql)

    assert chain.verify().count == 3


@pytest.mark.parametrize(
    ("number", "previous"), [(3, "digest"), (5, "digest"), (4, "''"), (0, "digest"), (-1, "''")]
)
def test_the_database_takes_only_what_continues_the_chain(three, number, previous):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run(INSERT.format(id="", value="", number=number, previous=previous))

    run(INSERT.format(id="", value="", number=4, previous="digest"))
    assert AuditEntry.objects.count() == 4


def test_the_log_is_not_truncated_on_postgresql(three):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE.")
    run("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run(f"TRUNCATE {TABLE} CASCADE")


def test_no_row_is_replaced_on_sqlite(three):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no OR REPLACE.")
    sql = INSERT.replace("INSERT", "INSERT OR REPLACE", 1)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run(sql.format(id="id, ", value=f"{three[0].pk}, ", number=4, previous="digest"))


def test_all_guards_stand_after_the_migrations(db):
    assert chain.missing_guards() == []


# --- What verifying finds --------------------------------------------------------------------------


def rechained(number, **values):
    """Change one row and make its digest anew, as somebody would who knows how."""
    AuditEntry.objects.filter(number=number).update(**values)
    row = AuditEntry.objects.values().get(number=number)
    AuditEntry.objects.filter(number=number).update(digest=chain.digest_of(row))


def swapped(first, second):
    """Let two rows change places."""
    one, other = (AuditEntry.objects.get(number=number).pk for number in (first, second))
    AuditEntry.objects.filter(pk=one).update(number=99)
    AuditEntry.objects.filter(pk=other).update(number=first)
    AuditEntry.objects.filter(pk=one).update(number=second)


TAMPERED = {
    "edited": (lambda: AuditEntry.objects.filter(number=2).update(actor_name="eve"), "2 was changed"),
    "edited in its values": (
        lambda: AuditEntry.objects.filter(number=2).update(after={"count": 7}), "2 was changed"),
    "edited in its time": (
        lambda: AuditEntry.objects.filter(number=2).update(at=datetime(2020, 1, 1, tzinfo=UTC)), "2 was changed"),
    "edited with its digest": (lambda: rechained(2, actor_name="eve"), "3 does not follow"),
    "removed first": (lambda: AuditEntry.objects.filter(number=1).delete(), "1 is missing"),
    "removed between": (lambda: AuditEntry.objects.filter(number=2).delete(), "2 is missing"),
    "swapped": (lambda: swapped(1, 2), "1 was changed"),
    "swapped with digests": (lambda: (swapped(1, 2), rechained(1), rechained(2)), "1 does not follow"),
    "inserted": (lambda: run(INSERT.format(id="", value="", number=4, previous="'x'")), "4 was changed"),
}  # fmt: skip


@pytest.mark.parametrize("how", TAMPERED)
def test_verifying_names_the_first_row_that_is_not_as_it_was_written(three, how):
    tamper, says = TAMPERED[how]
    assert chain.verify().problem == ""

    with lifted():
        tamper()

    assert says in chain.verify().problem


def test_a_head_that_was_kept_elsewhere_shows_that_the_end_was_cut_off(three):
    kept = {3: three[2].digest}
    assert chain.verify(kept).problem == ""

    with lifted():
        AuditEntry.objects.filter(number=3).delete()

    assert chain.verify().problem == ""
    assert chain.verify(kept).problem == "Entry 3 was noted, and is not there."


def test_a_head_that_was_kept_elsewhere_shows_that_all_was_written_anew(three):
    kept = {1: three[0].digest}

    with lifted():
        rechained(1, actor_name="eve")

    assert chain.verify(kept).problem == "Entry 1 is not the one that was noted."


def test_verifying_reads_some_rows_at_a_time(three, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(chain, "AT_ONCE", 2)

    with django_assert_num_queries(3):
        verdict = chain.verify()

    assert (verdict.count, verdict.head) == (3, f"3:{three[2].digest}")
