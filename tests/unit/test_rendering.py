"""Markdown laid out: what each construct becomes, in HTML and in plain text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems import rendering, rendering_worker
from postmortems.rendering import Rendered, digest, render, render_many, to_html, to_plain

REL = ' rel="noopener noreferrer nofollow"'

HTML = [
    ("", ""),
    ("Pods hung.", "<p>Pods hung.</p>"),
    ("a < b && c", "<p>a &lt; b &amp;&amp; c</p>"),
    ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
    ("a *b* **c** `d`", "<p>a <em>b</em> <strong>c</strong> <code>d</code></p>"),
    ("snake_case_name __x__", "<p>snake_case_name <strong>x</strong></p>"),
    ("a  \nb", "<p>a<br>\nb</p>"),
    ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
    ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
    ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
    ("Steps:\n- a\n  more\n- b", "<p>Steps:</p>\n<ul>\n<li>a\n  more</li>\n<li>b</li>\n</ul>"),
    ("Steps:\n1. a", "<p>Steps:</p>\n<ol>\n<li>a</li>\n</ol>"),
    ("It rose by\n5. That was all", "<p>It rose by\n5. That was all</p>"),
    ("```\n# <b>\n```", "<pre><code># &lt;b&gt;</code></pre>"),
    ("```bash\nls\n```", '<pre><code class="language-bash">ls</code></pre>'),
    ("~~~\nx\n\ny\n~~~", "<pre><code>x\n\ny</code></pre>"),
    ("    code", "<pre><code>code</code></pre>"),
    (
        "- a\n\n    ```\n    # b\n    ```",
        "<ul>\n<li>\n<p>a</p>\n<pre><code># b</code></pre>\n</li>\n</ul>",
    ),
    ("[a](https://x.org/?a=1&b=2)", f'<p><a href="https://x.org/?a=1&amp;b=2"{REL}>a</a></p>'),
    ("[a](/p/x/ 'T')", f'<p><a href="/p/x/" title="T"{REL}>a</a></p>'),
    ("[a][1]\n\n[1]: http://x", f'<p><a href="http://x"{REL}>a</a></p>'),
    ("<https://x.org>", f'<p><a href="https://x.org"{REL}>https://x.org</a></p>'),
    ("<me@x.org>", f'<p><a href="mailto:me@x.org"{REL}>me@x.org</a></p>'),
    ("#123 broke it", "<p>#123 broke it</p>"),
    ("List<String> of <pod-name>", "<p>List&lt;String&gt; of &lt;pod-name&gt;</p>"),
    ("a<br>b <kbd>Ctrl</kbd>", "<p>a<br>b <kbd>Ctrl</kbd></p>"),
    ("<b>never closed", "<p><b>never closed</b></p>"),
    ("a <!-- hidden --> b `<!-- c -->`", "<p>a  b <code>&lt;!-- c --&gt;</code></p>"),
    ("a <!-- open", "<p>a &lt;!-- open</p>"),
    ('2023-03-14 -- 19:00 (c) "q" ...', '<p>2023-03-14 -- 19:00 (c) "q" ...</p>'),
    ("2023-03-14 19:00", "<p>2023-03-14 19:00</p>"),
    ("集群*网络*故障。\n\n叢集", "<p>集群<em>网络</em>故障。</p>\n<p>叢集</p>"),
    ("a\r\nb\rc\x00\x1b\ufffe", "<p>a\nb\nc</p>"),
    ("a *b* &#2; &#0;", "<p>a <em>b</em>  \ufffd</p>"),
    ("lone \ud800", "<p>lone \ufffd</p>"),
    ("*lone* \udfff", "<p><em>lone</em> \ufffd</p>"),
]

HEADINGS = [
    ("# A\n\n## B\n\n### C", "h3 h4 h5"),
    ("### A\n\n#### B", "h3 h4"),
    ("###### A", "h3"),
    ("# A\n\n###### B", "h3 h6"),
    ("## B\n\n# A", "h4 h3"),
    ("Title\n=====\n\nPart\n----", "h3 h4"),
]

PLAIN = [
    ("", ""),
    ("Pods *hung* &amp; `kubectl get <pod>`.", "Pods hung & kubectl get <pod>."),
    ("[the thread](https://x.org/t) says", "the thread says"),
    ("# Head\n\ntext\n\n- a\n- b", "Head\ntext\na\nb"),
    ("```\nx = 1\n\n  y\n```", "x = 1\n  y"),
    ("| a | b |\n|---|---|\n| 1 | 2 |", "a\nb\n1\n2"),
    ("![a chart](/attachments/1/c.png) *shows*", "a chart shows"),
    ("a\u00a0*b*", "a b"),
    ("Said[^1] so.\n\n[^1]: By *whom*.", "Said so.\nBy whom."),
    ("- [x] done", "done"),
]


@pytest.mark.parametrize(("text", "html"), HTML)
def test_markdown_becomes_html(text, html):
    assert to_html(text) == html


@pytest.mark.parametrize(("text", "levels"), HEADINGS)
def test_headings_stand_below_those_of_the_page(text, levels):
    html = to_html(text)

    assert re.findall(r"<(h\d)>", html) == levels.split()
    assert "id=" not in html


@pytest.mark.parametrize(("text", "plain"), PLAIN)
def test_markdown_becomes_plain_text(text, plain):
    assert to_plain(text) == plain


def test_a_table_keeps_its_sides_without_style():
    html = to_html("| a | b |\n|:--|--:|\n| 1 | `x|y` |")

    assert '<th align="left">a</th>' in html
    assert '<td align="right"><code>x|y</code></td>' in html
    assert "style" not in html


def test_a_task_is_a_labelled_box_nobody_can_tick():
    html = to_html("- [x] done *it*\n- [ ] open\n    - plain")

    assert html == (
        '<ul class="task-list">\n<li class="task-list-item"><label>'
        '<input type="checkbox" disabled="" checked=""> done <em>it</em></label></li>\n'
        '<li class="task-list-item"><label><input type="checkbox" disabled=""> open</label>'
        "<ul>\n<li>plain</li>\n</ul>\n</li>\n</ul>"
    )


def test_footnotes_of_two_texts_have_different_ids():
    first, second = (to_html(f"{word}[^1] again[^1]\n\n[^1]: Note.") for word in ("a", "b"))
    ids = [set(re.findall(r'id="([^"]+)"', html)) for html in (first, second)]
    links = set(re.findall(r'href="#([^"]+)"', first))

    assert len(ids[0]) == 3
    assert ids[0] == links
    assert not ids[0] & ids[1]


def test_only_attachments_are_shown_as_images():
    html = to_html(
        "![a](/attachments/ab12/c.png) ![b](https://x.org/d.png) [![e](http://x/f)](http://y)"
    )

    assert html.count("<img") == 1
    assert '<img alt="a" src="/attachments/ab12/c.png">' in html
    assert f'<a href="https://x.org/d.png"{REL}>b</a>' in html
    assert f'<a href="http://y"{REL}>e</a>' in html


PROSE = st.text(
    st.sampled_from(list("aZ 09.,;:!?()'\"%/@$^{}=~+#\n\n集網。（é\u3000\u2028")), max_size=60
)


@given(PROSE)
def test_prose_is_set_as_markdown_would_set_it(text):
    is_prose = rendering.PROSE.fullmatch(text) is not None

    assert not is_prose or render(text).html == rendering_worker.lay_out(text)
    assert not is_prose or render(text).plain.split() == to_plain(text).split()


@pytest.mark.parametrize("text", ["One line.", "(a) b: c - d", "集群崩溃。\n原因：网络", "5 pods"])
def test_common_texts_are_prose(text):
    assert rendering.PROSE.fullmatch(text)


def test_render_many_answers_each_text():
    assert render_many(["a", "*b*", "a"]) == {
        "a": Rendered("<p>a</p>", "a"),
        "*b*": Rendered("<p><em>b</em></p>", "b"),
    }


def test_a_digest_is_of_the_text_and_the_renderer(monkeypatch):
    before = digest("a")
    monkeypatch.setattr(rendering, "MADE_BY", "another version")

    assert len(before) == 64
    assert before == before.lower()
    assert len({before, digest("a"), digest("b"), digest("\ud800")}) == 4
