"""No page has an English word left for a Chinese reader, but for names, code and what people wrote."""

import re

import pytest

from taxonomy import lookup
from tests.project.url_cast import cast, made_once  # noqa: F401
from tests.project.url_row import Row
from tests.project.url_rows import ROWS

# Names that are the same in every language, notations, and what the makers of the tests call things.
NAMES = {
    *("Hindsight", "API", "JSON", "NDJSON", "CSV", "Markdown", "ZIP", "zip", "gzip", "PDF", "SHA"),
    *("English", "OPS", "SEV", "UTC", "MiB", "KEY", "IP", "PR", "hs", "min", "png"),
    *("alice", "Alice", "bob", "Bob", "charlie", "Charlie", "dana", "Dana", "system", "System"),
    *("platform", "Platform", "payments", "Payments", "secret", "bnnedpg"),
    # The audit log names templates by their slugs.
    *("outage", "defect", "near", "miss", "security"),
}
# Elements whose text is no sentence of the product's, or is in a language that they name.
SKIPPED = ("script", "style", "code", "kbd", "pre", "textarea", "option", "svg", "template")
VOID = {"input", "img", "br", "meta", "link", "hr", "use", "path", "line", "rect", "circle"}
SAID = re.compile(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"')
CHINESE = ("zh-hans", "zh-hant")
NO_WORD = re.compile(r"&#?\w+;|https?://\S+|\{\w+\}")
WORD = re.compile(r"[A-Za-z]{2,}")
TAG = re.compile(r"<(/?)([a-zA-Z0-9]+)([^>]*)>|([^<]+)", re.S)


def own_words(page: str) -> set[str]:
    """The Latin words of a page that stand in its own language."""
    found: set[str] = set()
    hidden: list[str] = []
    for closes, name, attributes, text in TAG.findall(page.partition("<body")[2].partition(">")[2]):
        if text:
            found |= set(WORD.findall("" if hidden else NO_WORD.sub(" ", text)))
        elif hidden:
            if name == hidden[-1] and closes:
                hidden.pop()
            elif name == hidden[-1]:
                hidden.append(name)
        elif not closes and name not in VOID and _is_foreign(name, attributes):
            hidden.append(name)
        else:
            said = " ".join(SAID.findall(attributes))
            found |= set(WORD.findall(NO_WORD.sub(" ", said)))
    return found


def _is_foreign(name: str, attributes: str) -> bool:
    is_address = 'class="address"' in attributes
    return name in SKIPPED or is_address or ' lang="' in attributes


def pages() -> list[Row]:
    """The addresses of the site that an administrator opens, without files, tools and the manual."""
    rows = [row for row in ROWS if row.method == "get" and row.answers[3] == 200]
    left_out = ("api:", "api-", "feed", "audit-file", "help", "export", "postmortem-file", "own-")
    # Texts in all languages stand side by side there.
    return [row for row in rows if not row.name.startswith((*left_out, "template-edit"))]


def words_of_terms() -> set[str]:
    """Latin words in what terms are called and mean in Chinese, and in their aliases, which have no language."""
    found: set[str] = set()
    for term in lookup.current().by_id.values():
        texts = [told.get(code, "") for told in (term.names, term.definitions) for code in CHINESE]
        found |= set(WORD.findall(" ".join([*texts, *term.aliases])))
    return found


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW"])
def test_no_page_has_a_word_that_nobody_translated(browse, cast, language):  # noqa: F811
    client, wrong = browse(cast[3]), {}

    for row in pages():
        page = client.get(row.path, headers={"Accept-Language": language})
        if page["Content-Type"].startswith("text/html"):
            is_of_terms = row.name.startswith(("term", "vocabular"))
            left = own_words(page.text) - NAMES - (words_of_terms() if is_of_terms else set())
            wrong |= {row.path: left} if left else {}

    assert wrong == {}


def test_the_search_for_english_words_can_fail(browse, cast):  # noqa: F811
    page = browse(cast[3]).get("/desk/", headers={"Accept-Language": "en"}).text

    assert {"My", "drafts", "Nothing", "waits"} <= own_words(page)
