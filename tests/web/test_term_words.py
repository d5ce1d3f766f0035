"""What else terms are called, sent once a vocabulary for choosing them by typing."""

import gzip

import pytest
from django.urls import reverse

from postmortems import curation
from postmortems.web.term_words import words_of
from taxonomy import lookup
from taxonomy.models import Term

pytestmark = pytest.mark.django_db

KILOBYTE = 1024


def also(vocabulary: str, path: str, language: str = "en") -> list[str]:
    words = words_of(vocabulary, lookup.current(), language)
    return dict(words.also).get(path, "").split("\n")


def test_a_term_has_its_other_names_and_aliases():
    assert also("component", "kubernetes") == ["k8s", "kube"]
    assert {"pod network", "容器网络路由"} < set(also("cause", "network/cni-routing"))


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_name_that_is_shown_is_not_sent_again(language):
    terms = lookup.current()

    sent = dict(words_of("cause", terms, language).also)

    assert sent
    for path, words in sent.items():
        assert terms.get("cause", path).name(language) not in words.split("\n")


def test_only_characters_that_a_name_has_are_sent_in_the_other_script():
    scripts = words_of("component", lookup.current(), "en").scripts

    pairs = dict(zip(scripts[::2], scripts[1::2], strict=True))
    assert (pairs["叢"], pairs["動"]) == ("丛", "动")
    assert "龜" not in pairs


def test_a_retired_term_is_not_sent():
    Term.objects.filter(path="network/cni-routing").update(retired_at="2024-01-01T00:00Z")
    lookup.forget()

    assert also("cause", "network/cni-routing") == [""]


def test_a_term_is_also_called_what_it_took_in(dana):
    every = Term.objects.filter(vocabulary__slug="component")

    curation.merge_terms(every.get(path="kubectl"), every.get(path="kubernetes"), by=dana)

    assert "kubectl" in also("component", "kubernetes")
    assert also("component", "kubectl") == [""]


def test_the_names_stand_on_the_page_once(browse, alice):
    page = browse(alice).get(reverse("postmortem-new")).text

    assert page.count("容器网络路由") == 1
    assert 'data-suggest="/taxonomy/cause/suggest/"' in page


def test_the_names_weigh_little(browse, alice):
    page = browse(alice).get(reverse("postmortem-new")).text
    rest = "".join(part.partition("</datalist>")[2] for part in page.split("<datalist"))

    added = len(gzip.compress(page.encode())) - len(gzip.compress(rest.encode()))
    assert added <= 15 * KILOBYTE
