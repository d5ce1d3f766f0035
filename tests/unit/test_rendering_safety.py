"""No stored text runs as script: what comes out has only our tags, attributes, addresses and ids."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postmortems.rendering import render
from postmortems.rendering_worker import TAGS

ATTRIBUTES = {
    "a": {"href", "title", "class", "rel"},
    "code": {"class"},
    "div": {"class"},
    "img": {"src", "alt", "title"},
    "input": {"type", "checked", "disabled"},
    "li": {"class", "id"},
    "ol": {"start"},
    "pre": {"class"},
    "sup": {"id"},
    "td": {"align"},
    "th": {"align"},
    "ul": {"class"},
}
VALUES = {
    # No scheme, or one that only opens a page or a letter.
    "href": r"(?:https?:|mailto:|(?![a-z][a-z0-9+.-]*:)).*",
    "src": r"/attachments/[\w/.-]+",
    "class": r"language-\S+|task-list(-item)?|footnote(-(back)?ref)?|plain",
    "id": r"fn(ref\d*)?-[0-9a-f]{8}-\S+",
    "rel": r"noopener noreferrer nofollow",
    "type": r"checkbox",
    "align": r"left|right|center",
    "start": r"\d{1,9}",
}

PAYLOADS = [
    # elements that run or load
    "<script>alert(1)</script>",
    "<SCRIPT/SRC=//x.org/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object><embed src=//x>",
    "<base href=//x.org/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//x.org/x.css>",
    "<form action=//x><button formaction=javascript:alert(1)>go</button></form>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<template><script>alert(1)</script></template>",
    # event handlers
    "<img src=x onerror=alert(1)>",
    "<b onmouseover=alert(1)>x</b>",
    "<br onload=alert(1)>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<input autofocus onfocus=alert(1)>",
    "<a\x0bonclick=alert(1)>x</a>",
    "<kbd/onclick=alert(1)>x</kbd>",
    "<img \x00src=x one\x00rror=alert(1)>",
    # addresses
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](&#106;avascript&colon;alert(1))",
    "[x](&#x6a;avascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](<  javascript:alert(1)>)",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](blob:https://x.org/1)",
    "[x](file:///etc/passwd)",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "<javascript://x.org/%0aalert(1)>",
    "<javascript:alert(1)>",
    "<data://x,alert(1)>",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "![x](//x.org/track.gif)",
    "![x](/attachments/../sign-out/)",
    "![x](/attachments/a/../../sign-out/)",
    "![x](/sign-out/)",
    # out of an attribute
    "[x](http://x 'a\" onmouseover=\"alert(1)')",
    '[x](http://x"onmouseover="alert(1))',
    '![x" onerror="alert(1)](/attachments/1/a.png)',
    "![x](/attachments/1/a.png'onerror='alert(1) \"t\")",
    '```x"onclick="alert(1)\ncode\n```',
    '```{.x onclick="alert(1)" id=a}\ncode\n```',
    '~~~ { #id .c style="x" }\ncode\n~~~',
    'x[^"onclick="alert(1)]\n\n[^"onclick="alert(1)]: y',
    "x[^<script>]\n\n[^<script>]: <img src=x onerror=alert(1)>",
    # parsers that disagree
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;<img src=x onerror=alert(1)>'>",
    "<math><annotation-xml encoding=text/html><img src=x onerror=alert(1)></annotation-xml></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<title><img title='</title><img src=x onerror=alert(1)>'></title>",
    "<xmp><img title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- a --!><img src=x onerror=alert(1)>",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?php <img src=x onerror=alert(1)> ?>",
    "<b><p><table><b></table><img src=x onerror=alert(1)>",
    "`<img src=x onerror=alert(1)>",
    "<b>`</b><img src=x onerror=alert(1)>`",
    "\x02wzxhzdk:0\x03<img src=x onerror=alert(1)>",
    "\x02klzzwxh:0001\x03 *x* <b>",
    # styles and names that reach the page around
    "<b style='position:fixed;inset:0'>x</b>",
    "<style>*{display:none}</style>",
    "<kbd class=alert id=content>x</kbd>",
    "<a id=location name=cookie href=x>x</a>",
    "<img name=getElementById>",
    "# Heading {#location}",
    "| a |\n|---|\n| <b id=x onclick=alert(1)> |",
    "- [x] <input type=text onfocus=alert(1) autofocus>",
]

CONTEXTS = [
    "{}",
    "# {}",
    "- item\n\n    {}",
    "> {}",
    "**{}**",
    "[{}](http://x.org)",
    "[x](http://x.org/{})",
    "[x](http://x.org '{}')",
    "[x]({})",
    "![{}](/attachments/1/a.png)",
    "| a |\n|---|\n| {} |",
    "x[^1]\n\n[^1]: {}",
    "[{}][a]\n\n[a]: {}",
    "<{}>",
    "```{}\nx\n```",
    "<b {}>x</b>",
    "<!-- {} --> *x*",
]


class Inspector(HTMLParser):
    """Collects what is not on our lists."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            self.faults.append(tag)
        for name, value in attrs:
            # Browsers skip white space and control characters within a scheme.
            value = re.sub(r"[\x00-\x20]", "", value or "") if name == "href" else value
            pattern = VALUES.get(name, ".*")
            if name not in ATTRIBUTES.get(tag, ()):
                self.faults.append(f"{tag} {name}")
            elif not re.fullmatch(pattern, value or "", re.DOTALL | re.IGNORECASE):
                self.faults.append(f"{tag} {name}={value}")

    def handle_comment(self, data):
        self.faults.append(f"comment {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def faults(html: str) -> list[str]:
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector.faults


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        "<b onclick=x>",
        '<a href="java\tscript:x">',
        '<a href=" javascript:x">',
        '<img src="//x">',
        "<p id=x>",
        "<p style=x>",
        "<!-- x -->",
        "<input type=text>",
    ],
)
def test_the_inspector_sees_faults(html):
    assert faults(html)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_runs_comes_out(payload):
    for context in CONTEXTS:
        text = context.replace("{}", payload)

        rendered = render(text)

        assert faults(rendered.html) == [], text
        assert rendered.notice == "", text


ATOMS = st.sampled_from(
    (
        *"<>\"'`[)!*_\n&;#|\\\t",
        *("](", "<!--", "-->", "</", "/>", "<b>", "</kbd>", "&#x3c;", "[^1]", "[^1]: ", "\n\n"),
        *("script", "svg", "math", "style", "b ", "img src=x ", "onerror=alert(1) ", "x"),
        *("javascript:", "http://x"),
    )
)


@settings(max_examples=200)
@given(st.lists(ATOMS, max_size=30).map("".join))
def test_nothing_that_runs_comes_out_of_rubbish(text):
    assert faults(render(text).html) == []


@pytest.mark.parametrize("payload", [text for text in PAYLOADS if text.startswith("<script")])
def test_what_is_no_tag_of_ours_is_shown_as_text(payload):
    html = render(f"It had {payload} in *it*").html

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
