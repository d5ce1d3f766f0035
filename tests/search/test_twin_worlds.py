"""Two worlds that differ in nothing but postmortems the viewer may not see answer alike, to the last byte."""

import random
import re
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from postmortems.document import Classification, Relation, Signal
from postmortems.durations import Duration
from postmortems.models import Postmortem, Team, User
from postmortems.moments import Moment
from postmortems.search import search, sync
from tests.makers import make_document, make_postmortem, make_team, make_user
from tests.search.asking import VISITOR
from tests.search.mixed import mixed_collection
from tests.soak import IS_FULL

pytestmark = pytest.mark.django_db

VISIBLE, HIDDEN = 30, 24
# What only the hidden ones have: a word of its own, one a letter away from a word that all have,
# one that begins as such a word does, one with the stem of such a word, and a phrase of words that
# all have.
CANARIES = ("canarium", "walruss", "otterly", "upgrading", "seal walrus seal", "集群金丝雀")
CANARY_TERMS = ("component:helm", "organisation:skyscanner", "cause:process/operator-slip")
CANARY_YEAR = "1999"

TEXTS = (
    *(
        "",
        "walrus",
        "otter rollback",
        "canarium",
        "canari*",
        "canarum",
        "wal*",
        "walruss",
        "walrsu",
        "upgradng",
        "upgradi*",
        "in:title upgradi*",
    ),
    *('"seal walrus seal"', '"walrus otter"', "-canarium walrus", "walrus OR canarium", "金丝雀"),
    *(
        "walrus canarium seal match:most",
        "walrus nothing seal",
        "component:helm",
        "helm",
        "team:canary",
    ),
    *("started:1999", "year:1999", "has:relation", "relation:same-defect", "-relation:same-defect"),
    *("org:skyscanner", "cause:process", "in:signals canarium", "duration:>40d", "canary"),
    'E0314 kubelet.go:1742] walrus canarium: "otter" not found; seal rollback upgraded (10.0.0.7)',
)
PARAMS = (
    *({}, {"sort": ["started"]}, {"sort": ["updated"]}, {"sort": ["severity"]}),
    *({"team": ["canary", "platform"]}, {"year": ["1999"]}, {"year_from": ["1990"]}),
    *({"cause": ["process"]}, {"cause": ["-network"], "status": ["draft", "published"]}),
    *(
        {"no": ["relation"]},
        {"has": ["relation"]},
        {"duration": [">=1d"]},
        {"status": ["archived"]},
    ),
)


@dataclass(frozen=True)
class Address:
    """One address by the name of its pattern; those that take a ref are asked for a visible one."""

    name: str
    query: str = ""
    takes: tuple[str, ...] = ()
    body: str = ""


# Whoever adds an address that answers from the collection adds it here.
ASKED = ("", "?q=walrus", "?q=canarium", "?q=canarum", "?q=wal*&sort=updated", "?team=canary")
ADDRESSES = (
    *(Address("search", query) for query in ASKED),
    *(Address("api:search", query) for query in ASKED),
    *(
        Address("api:suggest", f"?q={text}")
        for text in ("", "can", "wal", "team:", "cause:", "year:")
    ),
    *(Address("feed-search", query) for query in ASKED),
    *(Address("export", f"{query}{'&' if query else '?'}format=csv") for query in ASKED),
    *(Address("export", f"{query}{'&' if query else '?'}format=json") for query in ASKED),
    *(
        Address("postmortem", takes=("ref", "slug")),
        Address("api:postmortem-similar", takes=("ref",)),
        Address("postmortem-similar", takes=("ref",)),
    ),
    *(Address("similar"), Address("saved")),
    Address("similar", body="walrus canarium seal"),
    *(Address("api:similar", body="walrus canarium seal"), Address("vocabularies")),
    *(Address("api:saved-searches"), Address("vocabulary", takes=("vocabulary",))),
    Address("term", takes=("vocabulary", "path")),
)
CHANGING = re.compile(
    rb'(name="csrfmiddlewaretoken" value=")[^"]*|("X-CSRFToken": ?")[^"]*|(nonce=")[^"]*'
)


@pytest.fixture
def world(platform, payments, bob, charlie, alice, dana):
    """Visible and hidden ones in turn, as they come in life; the hidden ones are nobody's here."""
    dice = random.Random(11)
    team, outsider = make_team("canary"), make_user("canary-author")
    visible = []
    for number in range(max(VISIBLE, HIDDEN)):
        if number < VISIBLE:
            visible += mixed_collection(dice, 1, (platform, payments), (alice, charlie))
        if number < HIDDEN:
            make_hidden(dice, visible, team, outsider)
    return [item for item in visible if item.visibility == "public" and item.status == "published"]


def make_hidden(dice: random.Random, visible: list[Postmortem], team: Team, author: User) -> None:
    """One postmortem of a team that nobody asking is in, close to what is visible and linked to it."""
    near, terms = dice.choice(visible), dice.sample(CANARY_TERMS, 2)
    document = make_document(
        f"{near.title} {dice.choice(CANARIES)}",
        terms=tuple(terms),
        started=Moment(f"{CANARY_YEAR}-0{dice.randint(1, 9)}"),
        duration=Duration(dice.choice((1, 50 * 86_400))),
        signals=(Signal("s1", f"walrus seal {dice.choice(CANARIES)}"),),
        relations=(Relation(dice.choice(("same-defect", "similar-pattern")), near.ref),),
        language=dice.choice(("en", "zh-hans")),
    )
    cause = Classification("cause", "network/dns", "contributing", assigned_by="source")
    make_postmortem(
        replace(document, classifications=(*document.classifications, cause)),
        team=team,
        visibility=dice.choice(("team", "restricted")),
        status=dice.choice(("published", "draft", "archived")),
        authors=(author,),
    )


def make_hidden_ones_never_have_been(settings, tmp_path) -> None:
    """The same world without them, in an index that has never held them."""
    Postmortem.objects.filter(team__slug="canary").delete()
    Team.objects.filter(slug="canary").delete()
    settings.SEARCH_INDEX_DIR = tmp_path
    sync.forget()


@pytest.fixture
def viewers(alice, charlie):
    return (VISITOR, charlie, alice)


def answers(viewers) -> dict[object, object]:
    """What search says to each viewer, in everything it says."""
    dice = random.Random(5)
    asked = {}
    for viewer in viewers:
        for text in TEXTS:
            for params in PARAMS if IS_FULL else dice.sample(PARAMS, 4):
                for page in (1, 2):
                    found = search(text, params, viewer, page=page, page_size=7)
                    asked[str(viewer), text, str(params), page] = found
    return asked


def test_search_says_the_same_with_and_without_what_is_hidden(world, viewers, settings, tmp_path):
    with_hidden = answers(viewers)

    make_hidden_ones_never_have_been(settings, tmp_path)
    without = answers(viewers)

    assert len(without) >= 600
    for question, found in without.items():
        assert with_hidden[question] == found, question


def test_the_hidden_ones_would_show_if_anybody_could_see_them(world, dana):
    found = search("canarium OR walruss OR otterly", {"status": ["draft", "published"]}, dana)

    assert found.count > 5
    assert any(item.value == "canary" for facet in found.facets for item in facet.values)
    assert {bucket.value for bucket in found.histogram.buckets} >= {CANARY_YEAR}


def urls_of(world) -> list[tuple[str, str]]:
    """Every address that there is, with the body to post where it takes one."""
    arguments = {"ref": world[0].ref, "slug": world[0].slug}
    arguments |= {"vocabulary": "component", "path": "helm"}
    found = []
    for address in ADDRESSES:
        kwargs = {name: arguments[name] for name in address.takes}
        if address.name == "vocabulary":
            kwargs = {"slug": arguments["vocabulary"]}
        found.append((reverse(address.name, kwargs=kwargs) + address.query, address.body))
    return found


def posted(client, url: str, text: str):
    """The answer to a text: as JSON from the API, as from a form elsewhere."""
    kind = {"content_type": "application/json"} if url.startswith("/api/") else {}
    return client.post(url, {"text": text}, **kind)


@pytest.fixture
def now(world, monkeypatch) -> None:
    """It is the same moment in both worlds, and the words for how long ago something was are the same."""
    at = timezone.now()
    long_ago = at - timedelta(days=3, hours=12, minutes=30)
    Postmortem.objects.update(created_at=long_ago, published_at=long_ago)
    monkeypatch.setattr(timezone, "now", lambda: at)


def pages(world, browse, viewers) -> dict[tuple[str, ...], tuple[int, bytes]]:
    """What the site answers to each viewer at each address, less what differs from request to request."""
    answered = {}
    for viewer in viewers:
        client = browse(viewer if viewer.is_authenticated else None)
        for url, body in urls_of(world):
            told = posted(client, url, body) if body else client.get(url)
            content = b"".join(told) if told.streaming else told.content
            answered[str(viewer), url, body] = told.status_code, CHANGING.sub(b"", content)
    return answered


def test_every_address_answers_the_same(world, now, browse, viewers, settings, tmp_path):
    with_hidden = pages(world, browse, viewers)

    make_hidden_ones_never_have_been(settings, tmp_path)
    without = pages(world, browse, viewers)

    assert {200} <= {status for status, _body in without.values()} <= {200, 302, 404}
    for address, answer in without.items():
        assert with_hidden[address] == answer, address
