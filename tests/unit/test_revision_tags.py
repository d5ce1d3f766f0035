"""Why a revision was made: what an act wrote is said in the reader's language, what a person wrote is not."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import gettext, override

from postmortems import authoring, content, restoring
from postmortems.templatetags.revision_tags import SENTENCES, reason_here
from tests.makers import make_document, make_postmortem, make_user

LANGUAGES = ("en", "zh-hans", "zh-hant")
FILLED = {"file": "pi-day.md", "ref": "j3ha8nvr", "number": 3, "name": "a.png", "words": "the (x)"}


@pytest.mark.parametrize("written", LANGUAGES)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_reason_is_said_in_the_readers_language_whichever_it_was_written_in(sentence, written):
    with override(written):
        stored = gettext(sentence) % FILLED

    for read in LANGUAGES:
        with override(read):
            assert reason_here(stored) == gettext(sentence) % FILLED


@pytest.mark.parametrize(
    "comment",
    [
        *("", "Imported from", "We have Imported from a.md", "100 %(x)s"),
        *(
            "Copied from the runbook of Tuesday",
            "Removed the file with names",
            "Restored revision x",
        ),
    ],
)
def test_what_a_person_wrote_stays(comment):
    with override("zh-hans"):
        assert reason_here(comment) == comment


def test_each_sentence_is_one_that_an_act_writes():
    sources = [path.read_text() for path in Path(settings.BASE_DIR, "postmortems").rglob("*.py")]
    written = "".join(text for text in sources if "SENTENCES" not in text)

    assert [sentence for sentence in SENTENCES if f'"{sentence}"' not in written] == []


@pytest.mark.django_db
def test_the_reason_that_going_back_writes_is_known():
    dana = make_user("dana", is_administrator=True)
    made = make_postmortem(make_document("Pods"))
    made = authoring.edit(made, replace(content.read(made), summary="x"), by=dana, revision=1)
    made = restoring.restore(made, 1, by=dana, revision=2)

    with override("zh-hans"):
        assert reason_here(made.revisions.latest("number").comment) == "已恢复第 1 版"
