"""What pages of curators say: the term in the heading, what is wrong by the labels, a way back."""

import pytest
from django.urls import reverse

from postmortems import curation, trackers
from taxonomy.models import Term, Vocabulary
from tests.makers import load_shipped_templates


def act(name: str) -> str:
    term = Term.objects.get(vocabulary__slug="cause", path="network/dns")
    return reverse(f"term-{name}", args=["cause", term.pk])


def lines_of(answer) -> list[tuple[str, str]]:
    return [tuple(line) for line in answer.context["lines"]]


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("edit", "Edit “DNS”"),
        ("move", "Move “DNS”"),
        ("merge", "Merge “DNS” into another term"),
        ("retire", "Retire “DNS”?"),
    ],
)
def test_the_heading_and_the_title_name_the_term(browse, dana, name, heading):
    page = browse(dana).get(act(name)).text

    assert f"<h1>{heading}</h1>" in page
    assert f"<title>{heading}" in page


def test_the_heading_of_a_suggestion_names_it(browse, alice, dana):
    made = curation.suggest_term(Vocabulary.objects.get(slug="cause"), {"en": "Lost ARP"}, by=alice)

    page = browse(dana).get(reverse("suggestion", args=[made.pk])).text

    assert "<h1>Suggested term “Lost ARP”</h1>" in page


@pytest.mark.parametrize("name", ["move", "merge", "retire"])
def test_every_step_has_one_way_back(browse, dana, name):
    client = browse(dana)
    asked = {"below": "platform", "target": "time"}

    for page in (client.get(act(name)).text, client.get(act(name), asked).text):
        assert page.count(">Cancel</a>") == 1


def test_a_vocabulary_is_refused_in_the_labels_and_order_of_its_form(browse, dana):
    form = {"slug": "No Good", "help-zh-hans": "x", "kind": "flat", "facet_values": "0"}

    answer = browse(dana).post("/taxonomy/new/", form)

    small = "“No Good” does not fit: small letters a–z, digits, and single hyphens between."
    wrong = [
        ("Names: The English text is missing.", "names-en"),
        (f"Key: {small}", "slug"),
        ("What it is for: The English text is missing.", "help-en"),
        ("Values before “more”: Write a number from 1 to 1000.", "facet_values"),
    ]
    assert [tuple(line) for line in answer.context["form"].lines] == wrong
    assert all(f'id="{place}"' in answer.text for _words, place in wrong)
    assert f'<a href="#slug">{wrong[1][0]}</a>' in answer.text
    assert f'id="slug-error">{small}</p>' in answer.text


def test_a_term_is_refused_in_the_labels_of_its_form(browse, dana):
    form = {"names-en": "N" * 121, "definitions-zh-hant": "x", "aliases": "a\na"}

    answer = browse(dana).post("/taxonomy/cause/add/", form)

    wrong = [words for words, _place in answer.context["form"].lines]
    assert wrong == [
        "Names: Too long; at most 120 characters fit.",
        "Meaning, in a sentence: The English text is missing.",
        "Other names, one a line: The same stands there twice; once is enough.",
    ]


def test_a_section_of_a_template_is_named_by_its_number(browse, dana):
    load_shipped_templates()
    form = {"do": "save", "sections.0.key": "tusks", "sections.1.key": "No Good"}

    answer = browse(dana).post("/settings/templates/new/", form)

    key = "Use small letters, digits and hyphens, at most 60."
    missing = "The English text is missing."
    wrong = [tuple(line) for line in answer.context["form"].lines]
    assert wrong == [
        (f"Name: {missing}", "names-en"),
        (f"Section 1, Name: {missing}", "sections.0.names-en"),
        (f"Section 2, Key: {key}", "sections-1-key"),
        (f"Section 2, Name: {missing}", "sections.1.names-en"),
    ]
    assert all(f'id="{place}"' in answer.text for _words, place in wrong)


def test_a_tracker_is_refused_with_links_to_its_fields(browse, dana):
    answer = browse(dana).post("/settings/trackers/", {"name": "Jira", "key_url": "ftp://x"})

    assert [place for _words, place in lines_of(answer)] == ["prefix", "key_url"]
    assert '<a href="#prefix">What its keys begin with: Say what keys begin' in answer.text


def test_a_question_has_the_act_first_and_then_the_way_back(browse, dana):
    made = trackers.add(by=dana, name="Jira", ticket_url="https://jira.example.org/new")

    page = browse(dana).get(f"/settings/trackers/{made.pk}/remove/").text

    assert 0 < page.index(">Remove</button>") < page.index(">Cancel</a>")


def test_what_another_changed_meanwhile_leads_to_no_field(browse, dana):
    answer = browse(dana).post(act("retire"), {"as_of": "0"})

    assert [place for _words, place in lines_of(answer)] == [""]
