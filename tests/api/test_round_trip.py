"""Whatever content there can be: what is written over the API is read, and what is read can be written."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from postmortems.document import Document
from postmortems.document_json import to_json
from postmortems.document_rules import DEFAULTS
from postmortems.models import Postmortem
from taxonomy import lookup
from tests import strategies
from tests.api.asking import LIST, change, of, send
from tests.makers import make_postmortem
from tests.soak import IS_FULL

pytestmark = pytest.mark.django_db
TARGETS = ("trgtpst1", "trgtpst2")
generated = settings(
    max_examples=200 if IS_FULL else 25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def storable(document):
    """The generated content with terms and related postmortems that there are."""
    terms = lookup.current().terms_of("cause")
    pairs = zip(terms, document.classifications, strict=False)
    relations = zip(TARGETS, document.relations, strict=False)
    return replace(
        document,
        relations=tuple(replace(item, target=ref) for ref, item in relations),
        classifications=tuple(
            replace(item, vocabulary="cause", term=term.path) for term, item in pairs
        ),
    )


@pytest.fixture
def client(browse, alice, settings):
    """Alice's, without limits on how often she asks."""
    settings.API_RATE_TOKEN = settings.API_RATE_ADDRESS = 10**6
    for ref in TARGETS:
        if not Postmortem.objects.filter(ref=ref).exists():
            make_postmortem(ref=ref)
    return browse(alice)


CONTENT = tuple(DEFAULTS[Document])


@generated
@given(document=strategies.documents())
def test_put_and_read_are_one(client, document):
    document = storable(document)
    ref = send(client, "POST", LIST, {"title": "Before", "summary": "Gone"}).json()["ref"]

    written = change(client, "PUT", ref, to_json(document))

    read = client.get(of(ref)).json()
    assert written.json() == read
    assert {name: read[name] for name in to_json(document)} == to_json(document)
    empty = {name: read[name] for name in CONTENT if name not in to_json(document)}
    assert not any(value for name, value in empty.items() if name not in ("schema", "language"))


@generated
@given(document=strategies.documents())
def test_what_is_made_is_read_and_sent_back_unchanged(client, document):
    made = send(client, "POST", LIST, to_json(storable(document))).json()

    for method in ("PUT", "PATCH"):
        again = change(client, method, made["ref"], client.get(of(made["ref"])).json())
        assert (again.status_code, again.json()) == (200, made)


@generated
@given(former=strategies.documents(), document=strategies.documents())
def test_a_patch_leads_from_any_content_to_any_other(client, former, document):
    former, document = storable(former), storable(document)
    made = send(client, "POST", LIST, to_json(former)).json()
    goal = to_json(document)

    patched = change(client, "PATCH", made["ref"], patch_between(to_json(former), goal)).json()

    assert {name: patched[name] for name in goal} == goal
    replaced = change(client, "PUT", made["ref"], goal).json()
    assert replaced == patched


def patch_between(before, after):
    """The merge patch from one object to another."""
    found = {name: None for name in before if name not in after}
    for name, value in after.items():
        former = before.get(name)
        is_merged = isinstance(value, dict) and isinstance(former, dict)
        found[name] = patch_between(former, value) if is_merged else value
    return found
