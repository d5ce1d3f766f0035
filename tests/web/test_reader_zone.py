"""What the site recorded is told on the clock of who reads: days and times of their zone, UTC for all others."""

from datetime import UTC, datetime

import pytest

from postmortems import accounts, reviews
from postmortems.document import TimelineEntry
from postmortems.models import AuditEntry, Postmortem, ReviewComment, User
from postmortems.moments import Moment
from tests.makers import make_document, make_postmortem

LATE = datetime(2023, 3, 14, 23, 30, tzinfo=UTC)


@pytest.fixture
def in_tokyo(alice, dana):
    User.objects.update(time_zone="Asia/Tokyo")


def published(**fields):
    item = make_postmortem(make_document("Walrus"), **fields)
    Postmortem.objects.filter(pk=item.pk).update(published_at=LATE, updated_at=LATE)
    return item.get_absolute_url()


def test_a_day_is_that_of_the_readers_zone(browse, alice, in_tokyo):
    address = published()

    assert "15 Mar 2023" in browse(alice).get(address).text
    assert "14 Mar 2023" not in browse(alice).get(address).text
    assert "14 Mar 2023" in browse().get(address).text


def test_a_time_is_that_of_the_readers_zone(browse, alice, bob, in_tokyo):
    item = make_postmortem(status="draft", team=alice.teams.get(), authors=(alice,))
    reviews.comment(item, "Why?", by=bob)
    ReviewComment.objects.update(created_at=LATE)

    page = browse(alice).get(f"/p/{item.ref}/review/").text

    assert "15 Mar 2023, 08:30" in page
    assert 'datetime="2023-03-15T08:30:00+09:00"' in page


def test_a_zone_that_is_none_any_more_is_read_as_utc(browse, alice):
    User.objects.update(time_zone="Mars/Olympus")

    assert "14 Mar 2023" in browse(alice).get(published()).text


def test_tools_get_utc_whoever_asks(browse, client, alice, in_tokyo):
    item = Postmortem.objects.get(ref=published().split("/")[2])
    secret = accounts.create_token(alice, by=alice, scope="read")[1]
    address, header = f"/api/v1/postmortems/{item.ref}/", {"Authorization": f"Bearer {secret}"}

    for answer in (browse(alice).get(address), client.get(address, headers=header)):
        assert answer.json()["published_at"] == "2023-03-14T23:30:00+00:00"


def test_the_audit_log_is_read_on_ones_own_clock(browse, dana, in_tokyo):
    last = AuditEntry.objects.latest("number") if AuditEntry.objects.exists() else None
    make_postmortem()
    at = AuditEntry.objects.exclude(pk=last.pk if last else None).latest("number").at

    page = browse(dana).get("/audit/").text

    assert at.astimezone(dana_zone()).strftime("%H:%M:%S") in page


def dana_zone():
    from zoneinfo import ZoneInfo

    return ZoneInfo("Asia/Tokyo")


def test_an_incident_can_be_read_on_ones_own_clock(browse, alice, in_tokyo):
    when = Moment(date="2018-09-14", time="21:06", zone="UTC")
    entry = TimelineEntry("t1", "detect", "Alarm", when=when)
    address = make_postmortem(make_document("Walrus", timeline=(entry,))).get_absolute_url()

    written, own = (browse(alice).get(address + query).text for query in ("", "?tz=mine"))

    assert "show in Asia/Tokyo" in written
    assert "15 September 2018, Asia/Tokyo" in own
    assert "show as written" in own
    assert "Asia/Tokyo" not in browse().get(f"{address}?tz=mine").text
