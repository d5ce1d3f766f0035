"""It happened again: three answers make a stub that is linked to what it repeats."""

import pytest
from django.core.exceptions import PermissionDenied

from postmortems import content, recurring
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


def test_nobody_makes_one_of_what_they_may_not_see(platform, alice, bob):
    hidden = make_postmortem(team=platform, authors=(alice,), visibility="restricted")

    with pytest.raises(PermissionDenied):
        recurring.happened_again(hidden, by=bob, started=Moment())

    assert Postmortem.objects.get() == hidden


def test_a_stub_of_a_restricted_one_is_for_those_who_may_see_that(platform, alice, bob, charlie):
    former = make_postmortem(
        team=platform, authors=(alice,), named=(bob, charlie), visibility="restricted"
    )

    made = recurring.happened_again(former, by=bob, started=Moment())

    assert set(made.named_people.all()) == {alice, charlie}
    for reader in (alice, bob, charlie):
        assert Postmortem.objects.visible_to(reader).filter(pk=made.pk).exists()


def test_a_stub_of_what_a_team_may_see_names_nobody(former, bob):
    made = recurring.happened_again(former, by=bob, started=Moment())

    assert not made.named_people.exists()


def test_a_title_that_is_cut_behind_a_word_is_a_title(browse, platform, alice):
    title = f"{'a' * 292} {'b' * 7}"
    former = make_postmortem(make_document(title), team=platform, authors=(alice,))

    browse(alice).post(f"/p/{former.ref}/again/", {})

    made = Postmortem.objects.exclude(pk=former.pk).get()
    assert made.title == f"Again: {'a' * 292}"
