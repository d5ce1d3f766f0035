"""The small repeated pieces of the read page keep every text a text."""

import pytest

from postmortems.document import Reference
from postmortems.templatetags.read_tags import anchor, citations, code_spans
from postmortems.web.sources import Sources

HOSTILE = '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "plain"),
        ("a `kubectl get` b", "a <code>kubectl get</code> b"),
        ("`a``b`", "<code>a</code><code>b</code>"),
        ("a lone ` stays", "a lone ` stays"),
        ("a `<b>` c", "a <code>&lt;b&gt;</code> c"),
        ("<b> & `x`", "&lt;b&gt; &amp; <code>x</code>"),
        ("", ""),
    ],
)
def test_what_stands_between_backticks_is_code(text, html):
    assert code_spans(text) == html


def test_citations_lead_to_their_sources():
    sources = Sources((Reference("r1", "First", label="S002"), Reference("r2", "Second")))

    html = citations(sources.notes("S002, r2"))

    assert 'href="#r1"' in html
    assert "[1]" in html
    assert 'href="#r2"' in html


def test_hostile_words_are_escaped():
    sources = Sources((Reference("r1", HOSTILE, label="S002"),))

    html = citations((*sources.notes("S002"), *sources.notes(HOSTILE))) + anchor(HOSTILE)

    assert "<script" not in html
    assert '"&gt;' not in html.replace("&quot;&gt;", "")
