"""POST /api/v1/preview/: Markdown laid out, safe and bounded."""

from tests.api.tool import Tool, pointers, status

URL = "/api/v1/preview/"


def test_a_text_is_laid_out_as_pages_show_it(alice):
    answer = Tool(alice, "write").post(URL, {"text": "The **routes** were lost."})

    assert answer.status_code == 200
    assert answer.json() == {"html": "<p>The <strong>routes</strong> were lost.</p>"}


def test_nothing_in_it_runs(alice):
    text = '<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror="alert(1)">'

    html = Tool(alice).post(URL, {"text": text}).json()["html"]

    assert "<script" not in html
    assert "javascript:" not in html
    assert "<img" not in html


def test_a_text_may_be_empty_and_has_an_end(alice):
    tool = Tool(alice)

    assert tool.post(URL, {"text": ""}).status_code == 200
    assert pointers(tool.post(URL, {"text": "x" * (2 * 1024**2 + 1)})) == ["/text"]
    assert pointers(tool.post(URL, {})) == ["/text"]
    assert pointers(tool.post(URL, {"text": ["x"]})) == ["/text"]


def test_visitors_and_tokens_that_only_read_lay_nothing_out(alice):
    assert status(Tool().post(URL, {"text": "x"})) == 401
    assert status(Tool(alice, "read").post(URL, {"text": "x"})) == 403
