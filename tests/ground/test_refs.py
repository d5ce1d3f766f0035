"""Looking something up by its ref: in one way, for pages and API alike."""

from pathlib import Path

import pytest

from postmortems.models import Postmortem
from postmortems.models.postmortem import by_ref
from tests.makers import make_postmortem

DOORS = [
    path
    for door in ("web", "api")
    for path in sorted(Path(f"postmortems/{door}").rglob("*.py"))
    if "filter(ref=" in path.read_text()
]


def test_the_doors_have_no_way_of_their_own():
    assert DOORS == []


@pytest.mark.django_db
def test_letters_may_be_capitals_and_what_is_no_ref_is_not_asked_for(django_assert_num_queries):
    item = make_postmortem()

    assert by_ref(Postmortem.objects.all(), item.ref.upper()) == item
    with django_assert_num_queries(0):
        assert by_ref(Postmortem.objects.all(), f"{item.ref[:7]}\0") is None
