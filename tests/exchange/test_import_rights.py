"""Whose files go where, and what an importer may not do or learn."""

import pytest
from django.core.exceptions import PermissionDenied

from postmortems.models import Postmortem
from tests.exchange.files import NOTHING, file, relating


def get(import_id):
    return Postmortem.objects.get(import_id=import_id)


def test_without_authors_the_importer_is_the_author(bring_in, alice):
    bring_in(file("a"), by=alice)

    assert list(get("a").authors.all()) == [alice]


def test_a_file_may_name_its_team(bring_in, payments):
    report = bring_in(file("a", "team: payments"), file("b", "team: paymnts"))

    assert get("a").team == payments
    assert report.rows[1].problems[0].advice == "Did you mean payments?"


def test_unknown_people_are_a_problem(bring_in):
    report = bring_in(file("a", "authors: [nobody]"))

    assert (report.rows[0].problems[0].line, report.rows[0].problems[0].key) == (6, "authors")


def test_who_may_not_write_in_the_team_imports_nothing(bring_in, charlie):
    with pytest.raises(PermissionDenied, match="Platform"):
        bring_in(file("a"), by=charlie)


def test_who_may_not_write_in_the_team_of_a_file_is_told(bring_in, charlie, payments, platform):
    report = bring_in(file("a", "team: platform"), file("b"), by=charlie, team=payments)

    assert [row.outcome for row in report.rows] == ["problem", "new"]


def test_an_author_cannot_publish_by_import(bring_in, alice):
    report = bring_in(file("a", "status: published"), file("b"), by=alice)

    assert [row.outcome for row in report.rows] == ["problem", "new"]
    assert not Postmortem.objects.filter(import_id="a").exists()


def test_a_reviewer_publishes_the_files_of_others(bring_in, alice, bob):
    report = bring_in(file("a", "status: published", "authors: [alice]"), by=bob)

    assert report.counts == NOTHING | {"new": 1}
    assert get("a").status == "published"


def test_what_the_importer_may_not_see_is_neither_changed_nor_shown(bring_in, alice):
    bring_in(file("abc", "visibility: restricted", title="Secret plan"))

    for title in ("Secret plan", "Guess"):
        report = bring_in(file("abc", title=title), by=alice)
        assert report.counts == NOTHING | {"problem": 1}
        assert "Secret" not in str(report.rows[0].problems)
    for target in ("abc", "abcd"):
        (problem,) = bring_in(relating("b", target), by=alice).rows[0].problems
        assert problem.advice.startswith("It must be there")
