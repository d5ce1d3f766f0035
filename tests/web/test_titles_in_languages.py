"""Every page that names a postmortem names it in the reader's language, or in the nearest, and says which it is."""

import re
from typing import NamedTuple

import pytest

from postmortems import bin, notifications, outbox, reading_lists, reviews
from postmortems.document import Relation, Translation
from postmortems.models import Postmortem
from tests.makers import make_document, make_postmortem

BOTH = {
    "zh-hans": Translation("海象在冰上", "它站在**冰**上。"),
    "zh-hant": Translation("海象在冰層上", "它站在**冰層**上。"),
}
SIMPLIFIED = {"zh-hans": BOTH["zh-hans"]}
ENGLISH = ("Walrus on ice", "en")


class Case(NamedTuple):
    """What a browser asks for, what there is, and the title that is read, with its language."""

    accepted: str
    translations: dict[str, Translation]
    title: str
    language: str


CASES = {
    "simplified": Case("zh-CN", BOTH, "海象在冰上", "zh-hans"),
    "traditional": Case("zh-TW", BOTH, "海象在冰層上", "zh-hant"),
    "traditional falls back": Case("zh-TW", SIMPLIFIED, "海象在冰上", "zh-hans"),
    "nothing but English": Case("zh-TW", {}, *ENGLISH),
    "English": Case("en", BOTH, *ENGLISH),
}
PAGES = {
    "read": "/p/pbcpage1/slug/",
    "print": "/p/pbcpage1/print/",
    "search": "/?q=walrus",
    "home": "/",
    "related": "/p/rekatedp/slug/",
    "similar": "/p/pbcpage1/similar/",
    "term": "/taxonomy/cause/network/dns/",
    "desk": "/desk/",
    "notifications": "/notifications/?tab=all",
    "reviews": "/reviews/?tab=all",
    "review": "/p/revwepg1/review/",
    "asking for review": "/p/draftpg1/review/ask/",
    "history": "/p/pbcpage1/history/",
    "revision": "/p/pbcpage1/history/1/",
    "sharing": "/p/pbcpage1/sharing/",
    "pseudonyms": "/p/pbcpage1/pseudonyms/",
    "editor": "/p/pbcpage1/edit/",
    "again": "/p/pbcpage1/again/",
    "archive": "/p/pbcpage1/archive/",
    "duplicate": "/p/pbcpage1/duplicate/",
    "throwing away": "/p/pbcpage1/bin/",
    "bin": "/bin/",
    "taking out of the bin": "/bin/bnnedpg1/restore/",
    "audit": "/audit/?object=pbcpage1",
    "adding to a list": "/p/pbcpage1/lists/",
    "reading list": "LIST",
    "feed": "/feeds/search.atom?q=walrus",
}


@pytest.fixture
def site(alice, bob, dana, platform):
    """Makes one postmortem of each state that pages list, with these translations; the address of a list."""

    def made(translations):
        document = make_document(
            "Walrus on ice",
            ("cause.primary:network/dns", "severity:sev3", "kind:outage"),
            summary="It stood.",
            translations=translations,
        )
        states = {
            "pbcpage1": "published",
            "draftpg1": "draft",
            "revwepg1": "draft",
            "bnnedpg1": "published",
        }
        for ref, status in states.items():
            make_postmortem(
                document, ref=ref, slug="slug", status=status, team=platform, authors=(dana,)
            )
        one = Postmortem.objects.get(ref="pbcpage1")
        reviews.ask(Postmortem.objects.get(ref="revwepg1"), by=dana, reviewers=(bob,))
        related = make_document(relations=(Relation("follow-up", "pbcpage1"),))
        make_postmortem(related, ref="rekatedp", slug="slug", team=platform)
        bin.throw_away(Postmortem.objects.get(ref="bnnedpg1"), by=dana)
        with outbox.writing():
            notifications.notify("published", one, to=[dana.pk], by=alice)
        listed = reading_lists.create("For all", by=dana)
        reading_lists.add(listed, one, by=dana)
        return listed.get_absolute_url()

    return made


def told(page: str, title: str) -> set[str]:
    """The languages that the title is marked with where it stands on the page."""
    bare = re.sub(r"<(script|style|head|option|textarea)\b.*?</\1>", "", page, flags=re.S)
    page_language = re.search(r'<html lang="([\w-]+)"', page)
    found = set()
    for at in re.finditer(re.escape(title), bare):
        before = bare[: at.start()]
        start = before.rfind("<")
        near = re.findall(r'lang="([\w-]+)"', before[max(0, start - 200) :])
        found.add(near[-1].lower() if near else page_language[1].lower() if page_language else "")
    return found


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_page_names_it_as_its_reader_reads_best(browse, site, dana, case):
    listed, client, wrong = site(case.translations), browse(dana), {}

    for name, path in PAGES.items():
        address = listed if path == "LIST" else path
        page = client.get(address, headers={"Accept-Language": case.accepted}, follow=True).text
        if case.language not in told(page, case.title):
            wrong[name] = told(page, case.title)

    assert wrong == {}
