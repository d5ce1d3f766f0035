"""The page of feed addresses and keys: a secret is shown in one answer and in no other."""

import re

from postmortems import feed_secrets
from postmortems.models import FeedSecret

URL = "/saved/feeds/"
DNS = "q=dns&cause=network/dns"


def test_the_page_has_both_addresses_of_a_search(browse, alice):
    page = browse(alice).get(f"{URL}?{DNS}&page=4&utm_source=x").text

    assert "http://testserver/feeds/search.atom?q=dns&amp;cause=network/dns<" in page
    assert "http://testserver/feeds/KEY/search.atom?q=dns&amp;cause=network/dns<" in page
    assert "Root cause: DNS" in page


def test_a_new_key_is_shown_once_and_opens_the_feed(browse, alice):
    client = browse(alice)

    answer = client.post(URL, {"name": "Reader", "query": DNS})

    address = re.search(r"http://testserver(/feeds/hsf_[^<]*)<", answer.text)[1]
    assert "no-store" in answer["Cache-Control"]
    assert browse().get(address.replace("&amp;", "&")).status_code == 200
    secret = address.split("/")[2]
    assert secret not in client.get(URL).text
    assert secret[:10] in client.get(URL).text


def test_a_key_without_a_name_is_asked_for_one(browse, alice):
    answer = browse(alice).post(URL, {"name": " ", "query": DNS})

    assert "Say which reader the key is for." in answer.text
    assert 'name="query" value="q=dns&amp;cause=network/dns"' in answer.text
    assert not FeedSecret.objects.exists()


def test_a_key_is_revoked_by_its_button(browse, alice):
    key, secret = feed_secrets.create("Reader", by=alice)
    client = browse(alice)

    answer = client.post(f"{URL}revoke/", {"key": key.prefix}, follow=True)

    assert "Revoked the key “Reader”." in answer.text
    assert FeedSecret.objects.find(secret) is None
    assert client.post(f"{URL}revoke/", {"key": key.prefix}).status_code == 404


def test_the_keys_of_others_are_not_there(browse, alice, charlie, dana):
    key, secret = feed_secrets.create("Reader", by=alice)

    for viewer in (charlie, dana):
        assert key.prefix not in browse(viewer).get(URL).text
        assert browse(viewer).post(f"{URL}revoke/", {"key": key.prefix}).status_code == 404
    assert FeedSecret.objects.find(secret) == key


def test_visitors_are_asked_to_sign_in(browse, db):
    for answer in (browse().get(URL), browse().post(URL, {"name": "x"})):
        assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/saved/feeds/")


def test_the_list_asks_the_same_for_one_and_for_three(browse, alice, django_assert_num_queries):
    client = browse(alice)
    for names in (["One"], ["Two", "Three"]):
        for name in names:
            feed_secrets.create(name, by=alice)
        client.get(URL)

        # One of them is the bell.
        with django_assert_num_queries(6):
            client.get(URL)
