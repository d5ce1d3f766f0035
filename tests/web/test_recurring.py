"""It happened again: three answers make a stub that is linked to what it repeats."""

import pytest

from postmortems import content
from postmortems.models import Postmortem
from postmortems.moments import Moment
from tests.makers import make_document, make_postmortem
from tests.search.asking import found

pytestmark = pytest.mark.django_db


@pytest.fixture
def former(platform, alice) -> Postmortem:
    return make_postmortem(make_document("Disk full"), team=platform, authors=(alice,))


def test_three_answers_make_a_linked_stub(browse, alice, former):
    typed = {"started": "2024-05-01", "noticed": "pages are slow", "helped": "removed old logs"}

    answer = browse(alice).post(f"/p/{former.ref}/again/", typed)

    made = Postmortem.objects.exclude(pk=former.pk).get()
    document = content.read(made)
    assert answer.url == made.get_absolute_url()
    assert (document.title, document.started) == ("Again: Disk full", Moment("2024-05-01"))
    assert [item.text for item in document.signals] == ["pages are slow"]
    assert [item.text for item in document.workarounds] == ["removed old logs"]
    assert found("status:draft relation:same-defect", alice) == {made.ref}


def test_nothing_but_the_fact_is_enough(browse, alice, former):
    browse(alice).post(f"/p/{former.ref}/again/", {})

    assert Postmortem.objects.filter(title="Again: Disk full").count() == 1


def test_who_does_not_write_in_the_team_makes_none(browse, charlie, former):
    assert browse(charlie).post(f"/p/{former.ref}/again/", {}).status_code == 403
    assert Postmortem.objects.count() == 1
