"""Lays Markdown out as safe HTML and plain text, and serves that to `rendering` as a child process.

Run as `python -m postmortems.rendering_worker`: it imports no Django and ends with its parent.
"""

import contextlib
import hashlib
import html
import re
import resource
import signal
import sys
from collections import deque
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element

import markdown
import nh3
from markdown.inlinepatterns import HtmlInlineProcessor, InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

CPU_SECONDS = 0.7
# Python with its libraries maps about 60 MB of this before the first text.
MEMORY_BYTES = 256 * 1024 * 1024

EXTENSIONS = [
    "tables",
    "footnotes",
    "sane_lists",
    "pymdownx.superfences",
    "pymdownx.highlight",
    "pymdownx.saneheaders",
    "pymdownx.tasklist",
]
EXTENSION_CONFIGS: dict[str, dict[str, Any]] = {
    "tables": {"use_align_attribute": True},
    "footnotes": {"BACKLINK_TITLE": "", "BACKLINK_TEXT": "↩"},
    "pymdownx.highlight": {"use_pygments": False},
}
TOP_HEADING = 3
# Raw HTML that means what it says; any other tag is shown as the text it is, such as List<String>.
RAW_TAGS = r"(</?(?:b|br|del|em|i|ins|kbd|mark|s|small|strong|sub|sup|u)\s?/?>)"

TAGS = set(
    re.findall(
        r"\w+",
        "a b blockquote br code del div em h3 h4 h5 h6 hr i img input ins kbd label li mark ol p "
        "pre s small strong sub sup table tbody td th thead tr u ul",
    )
)
ATTRIBUTES = {
    "a": {"href", "title", "class"},
    "code": {"class"},
    "div": {"class"},
    "img": {"src", "alt", "title"},
    "input": {"checked", "disabled"},
    "li": {"class", "id"},
    "ol": {"start"},
    "sup": {"id"},
    "ul": {"class"},
}
SIDES = {"align": {"left", "center", "right"}}
ATTACHMENT = re.compile(r"/attachments/[\w-]+(?:/[\w.-]*[\w-])?")
# How a text names a file of its own postmortem; who shows the text knows the file's address.
FILE = re.compile(r"file:([\w-]+)", re.ASCII)
ATTRIBUTE_VALUES = {
    ("a", "title"): re.compile(".+", re.DOTALL),
    ("a", "class"): re.compile("footnote-(?:back)?ref"),
    ("code", "class"): re.compile(r"language-[\w.+#-]{1,40}"),
    ("div", "class"): re.compile("footnote"),
    ("img", "src"): ATTACHMENT,
    ("li", "class"): re.compile("task-list-item"),
    ("li", "id"): re.compile(r"fn-[0-9a-f]{8}-\S+"),
    ("ol", "start"): re.compile(r"\d{1,9}", re.ASCII),
    ("sup", "id"): re.compile(r"fnref\d*-[0-9a-f]{8}-\S+"),
    ("ul", "class"): re.compile("task-list"),
}


def allowed_value(tag: str, name: str, value: str) -> str | None:
    """The attribute's value when its tag may have it; None takes the attribute away."""
    pattern = ATTRIBUTE_VALUES.get((tag, name))
    return value if pattern is None or pattern.fullmatch(value) else None


CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    attribute_filter=allowed_value,
    tag_attribute_values={"th": SIDES, "td": SIDES, "input": {"type": {"checkbox"}}},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer nofollow",
)


# Characters that XML or a database refuses; an entity such as &#2; can still make them.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


class ListAfterParagraph(Preprocessor):
    """A list may follow a paragraph without the blank line that Python-Markdown wants there."""

    ITEM = re.compile(r" {0,3}(?:[-*+]|1\.) +\S")

    def run(self, lines: list[str]) -> list[str]:
        """Insert that blank line."""
        return list(self._spaced(lines))

    def _spaced(self, lines: list[str]) -> Iterator[str]:
        above, listed = "", False
        for line in lines:
            is_item = self.ITEM.match(line) is not None
            if is_item and not listed and above.strip() and not above.startswith("    "):
                yield ""
            listed = bool(line.strip()) and (listed or is_item)
            above = line
            yield line


class HiddenComment(InlineProcessor):
    """`<!-- a comment -->` is not shown."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int] | tuple[None, None, None]:
        """Take the comment out up to its end, if it has one."""
        end = data.find("-->", m.end())
        return ("", m.start(), end + 3) if end >= 0 else (None, None, None)


class Finishing(Treeprocessor):
    """Headings below the page's own, task boxes with a label, files, outside images as links."""

    def run(self, root: Element) -> None:
        """Change the tree in place, after the inline patterns have run."""
        headings = [element for element in root.iter() if re.fullmatch("h[1-6]", element.tag)]
        shift = TOP_HEADING - min((int(element.tag[1]) for element in headings), default=0)
        for element in headings:
            element.tag = f"h{min(int(element.tag[1]) + shift, 6)}"
        for parent in root.iter():
            for name in ("src", "href"):
                if found := FILE.fullmatch(parent.get(name, "")):
                    parent.set(name, f"/attachments/{found[1]}")
        for parent in root.iter():
            for image in parent.findall("img"):
                if not ATTACHMENT.fullmatch(image.get("src", "")):
                    self._link(image, within=parent.tag)
        for item in root.iter("li"):
            if item.get("class") == "task-list-item":
                self._label(item[0] if not item.text and len(item) else item)

    @staticmethod
    def _link(image: Element, within: str) -> None:
        address = image.get("src", "")
        image.text = image.get("alt") or address
        # A link within a link would end it; the cleaner drops the span and keeps its words.
        image.tag, image.attrib = ("span", {}) if within == "a" else ("a", {"href": address})

    @staticmethod
    def _label(item: Element) -> None:
        """Put the box and the words beside it, up to a nested list, into one label."""
        label = Element("label")
        label.text, item.text = item.text, ""
        while len(item) and item[0].tag not in ("ul", "ol", "p", "pre", "blockquote", "table"):
            label.append(item[0])
            item.remove(item[0])
        item.insert(0, label)


def _make_markdown() -> markdown.Markdown:
    renderer = markdown.Markdown(
        extensions=EXTENSIONS, extension_configs=EXTENSION_CONFIGS, output_format="html"
    )
    renderer.preprocessors.deregister("html_block")
    renderer.preprocessors.register(ListAfterParagraph(renderer), "list_after_paragraph", 10)
    renderer.inlinePatterns.register(HtmlInlineProcessor(RAW_TAGS, renderer), "html", 90)
    renderer.inlinePatterns.register(HiddenComment("<!--", renderer), "comment", 95)
    renderer.treeprocessors.register(Finishing(renderer), "finishing", 12)
    return renderer


# A renderer serves one text at a time; a thread takes one out and puts it back.
IDLE: deque[markdown.Markdown] = deque()


def lay_out(text: str) -> str:
    """The Markdown as safe HTML; on hostile text it takes any time, or raises RecursionError."""
    renderer = IDLE.pop() if IDLE else _make_markdown()
    renderer.reset()
    # Footnotes of several texts stand on one page, so their ids carry the text they are from.
    mark = hashlib.sha256(text.encode()).hexdigest()[:8]
    footnotes = next(item for item in renderer.registeredExtensions if hasattr(item, "footnotes"))
    footnotes.setConfig("SEPARATOR", f"-{mark}-")
    safe_html = CLEANER.clean(renderer.convert(text))
    IDLE.append(renderer)
    return UNSAFE.sub("", safe_html)


def attempt(text: str) -> tuple[str, str, str]:
    """HTML, plain text and an empty word; or nothing and the name of what went wrong."""
    try:
        safe_html = lay_out(text)
        return safe_html, plain_text(safe_html), ""
    except Exception as error:
        # The one broad clause of rendering: a fault of the libraries must not break a page.
        return "", "", type(error).__name__


# Linear, and sound on what the cleaner has written: it escapes every other angle bracket.
REST = r'(?:[^">]|"[^"]*")*>'
# Numbers and arrows of footnotes, and the space behind a task's box.
HIDDEN = re.compile(
    rf'<sup id="[^"]*"><a{REST}[^<]*</a></sup>|<a class="footnote-backref"{REST}[^<]*</a>'
    rf"|<input{REST} "
)
IMAGE = re.compile(rf'<img alt="([^"]*)"{REST}')
BLOCK_END = re.compile(r"</(?:p|li|tr|h[3-6]|pre|blockquote|div)>|<(?:br|hr)>")
CELL_END = re.compile("</t[dh]>")
TAG = re.compile(rf"</?[a-z]{REST}")


def plain_text(safe_html: str) -> str:
    """What a reader sees of laid-out HTML, a block a line; for search."""
    text = CELL_END.sub(" ", IMAGE.sub(r"\1", HIDDEN.sub("", safe_html)))
    text = html.unescape(TAG.sub("", BLOCK_END.sub("\n", text))).replace("\xa0", " ")
    return "\n".join(line.rstrip() for line in text.split("\n") if line.strip())


# --- The child process: one frame in (the text), three frames out (what `attempt` returns) -------


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer each text until the parent closes the connection, which raises EOFError.

    A text that needs more than CPU_SECONDS ends the process by SIGPROF, whose default action the
    kernel carries out even amid a regular expression; one that needs more memory fails.
    """
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    # Ctrl+C reaches the whole group; the parent's end is what ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ValueError):  # a system that has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    while True:
        text = read_frame(source).decode()
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        answer = attempt(text)
        signal.setitimer(signal.ITIMER_PROF, 0)
        sink.write(b"".join(frame(part.encode()) for part in answer))
        sink.flush()


def read_frame(source: BinaryIO) -> bytes:
    """One length-prefixed frame; raises EOFError when the other side has gone."""
    size = int.from_bytes(_read_exactly(source, 4), "big")
    return _read_exactly(source, size)


def _read_exactly(source: BinaryIO, size: int) -> bytes:
    body = source.read(size)
    if len(body) < size:
        raise EOFError
    return body


def frame(body: bytes) -> bytes:
    """The body behind its length."""
    return len(body).to_bytes(4, "big") + body


if __name__ == "__main__":
    with contextlib.suppress(EOFError, BrokenPipeError):
        serve(sys.stdin.buffer, sys.stdout.buffer)
