"""The page of trackers: for curators and administrators, with what is wrong beside its field."""

import pytest

from postmortems import trackers
from postmortems.models import Tracker

pytestmark = pytest.mark.django_db
URL = "/settings/trackers/"
JIRA = {
    "name": "Jira",
    "ticket_url": "https://jira.example.org/create?summary={title}",
    "prefix": "OPS-",
    "key_url": "https://jira.example.org/browse/{key}",
}


def test_a_tracker_is_added_changed_and_removed(browse, dana):
    client = browse(dana)

    assert "Added “Jira”." in client.post(URL, JIRA, follow=True).text
    made = Tracker.objects.get()
    assert JIRA["key_url"] in client.get(URL).text
    assert JIRA["ticket_url"] in client.get(f"{URL}{made.pk}/").text
    client.post(f"{URL}{made.pk}/", JIRA | {"name": "Other"})
    assert Tracker.objects.get().name == "Other"
    assert "Remove the tracker “Other”?" in client.get(f"{URL}{made.pk}/remove/").text
    client.post(f"{URL}{made.pk}/remove/")
    assert not Tracker.objects.exists()


@pytest.mark.parametrize("path", ["", "1/"])
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(browse, dana, path):
    made = trackers.add(by=dana, **JIRA)
    address = f"{URL}{made.pk}/" if path else URL
    typed = JIRA | {"name": "Another", "ticket_url": "javascript:alert('{title}')"}

    page = browse(dana).post(address, typed)

    assert list(page.context["errors"]) == ["ticket_url"]
    assert 'value="javascript:alert(&#x27;{title}&#x27;)"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert Tracker.objects.get().name == "Jira"


def test_others_are_refused(browse, alice, charlie, dana):
    made = trackers.add(by=dana, **JIRA)

    for user in (alice, charlie):
        for path in ("", f"{made.pk}/", f"{made.pk}/remove/"):
            assert browse(user).get(URL + path).status_code == 403
            assert browse(user).post(URL + path, JIRA).status_code == 403
    assert browse().get(URL).status_code == 302


def test_what_is_not_there_is_not_found(browse, dana):
    for number in ("999999", "9" * 30):
        assert browse(dana).get(f"{URL}{number}/").status_code == 404


def test_only_who_may_change_them_is_led_there(browse, alice, dana):
    assert f'href="{URL}"' in browse(dana).get("/actions/").text
    assert f'href="{URL}"' not in browse(alice).get("/actions/").text
