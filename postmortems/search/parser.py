"""Text to query tree. Pure, and never fails: what cannot be read is a plain word and a notice.

query := both ("OR" both)*          both := item+          item := ["-" | "NOT"] (group | term)
group := "(" query ")"              term := phrase | field ":" value | word["*"]

`AND` between two items says what stands there anyway, `|` is `OR`, `cause:-dns` is `-cause:dns`.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from postmortems.search.query import And, Any, Node, Not, Or, Phrase, Range, Word, conjunction

MAX_LENGTH = 4_000
MAX_TOKENS = 256
MAX_DEPTH = 20

# Chinese input methods type these; they mean what their narrow forms mean.
FULL_WIDTH = str.maketrans("：（）“”，－", ':()"",-')

TOKEN = re.compile(
    r"""(?P<open>\() | (?P<close>\))
    | (?P<field>-?[A-Za-z][A-Za-z0-9_.-]*):(?P<value>(?:"(?:\\.|[^"\\])*"|[^\s()",]|,(?=\S))+)
    | (?P<minus>-)(?=[("]) | "(?P<phrase>(?:\\.|[^"\\])*)"
    | (?P<word>[^\s()"]+) | (?P<stray>")""",
    re.VERBOSE,
)
VALUE = re.compile(r'"(?P<quoted>(?:\\.|[^"\\])*)"|(?P<bare>[^,"]+)')
# What people write who know other search boxes.
OR_WORDS = ("OR", "|", "||")
COMPARED = re.compile(r"(?P<field>[A-Za-z][A-Za-z0-9_.-]*)(?P<value>(?:>=|<=|>|<).+)", re.DOTALL)
BARE_AMOUNT = re.compile(r"(?:>=|<=|>|<)?\d+(?:\.\d+)?")
UNIT = re.compile(r"(?:d|days?|h|hours?|min|minutes?|s|seconds?)", re.IGNORECASE)
CONNECTING = ("OR", "AND", "NOT")
COMPARISON = re.compile(r"(?P<sign>>=|<=|>|<)(?P<bound>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was not read as grammar: a code, and the text it is about."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """The query tree, and what to tell the reader about it."""

    node: Node
    notices: tuple[Notice, ...] = ()


@dataclass
class _State:
    fields: Collection[str]
    parts: Mapping[str, str]
    tokens: list[re.Match[str]]
    position: int = 0
    part: str = ""
    notices: list[Notice] = field(default_factory=list)


def parse(text: str, fields: Collection[str], parts: Mapping[str, str]) -> Parsed:
    """The tree for any text. `fields` are the names before a colon that mean something, `parts`
    what may follow `in:` and the part it stands for."""
    kept = text[:MAX_LENGTH].translate(FULL_WIDTH).replace("\x00", " ")
    tokens = list(TOKEN.finditer(kept))
    state = _State(fields, parts, tokens[:MAX_TOKENS])
    if len(text) > MAX_LENGTH or len(tokens) > MAX_TOKENS:
        state.notices.append(Notice("too-long", ""))
    found = []
    while state.position < len(state.tokens):
        found.append(_either(state, 0))
        # A closing parenthesis that nothing opened ends `_either`; it is passed over.
        state.position += 1
    return Parsed(conjunction(found), tuple(dict.fromkeys(state.notices)))


def _either(state: _State, depth: int) -> Node:
    """both OR both: the loosest binding."""
    options = [_both(state, depth)]
    while _peek(state) in OR_WORDS:
        state.position += 1
        options.append(_both(state, depth))
    options = [option for option in options if option != And()]
    flat = [
        child
        for option in options
        for child in (option.children if isinstance(option, Or) else (option,))
    ]
    if not flat:
        return And()
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def _both(state: _State, depth: int) -> Node:
    """Items side by side: all must match. `in:part` holds until the end of its group."""
    part, items = state.part, []
    while state.position < len(state.tokens) and _peek(state) not in (*OR_WORDS, ")"):
        item = _item(state, depth)
        if item is not None:
            items.append(item)
    state.part = part
    return conjunction(item for item in items if item != And())


def _peek(state: _State) -> str:
    if state.position >= len(state.tokens):
        return ""
    return state.tokens[state.position].group()


def _item(state: _State, depth: int) -> Node | None:
    token = state.tokens[state.position]
    state.position += 1
    if token["minus"]:
        following = _item(state, depth) if state.position < len(state.tokens) else None
        return _negated(following)
    if token["open"]:
        return _group(state, depth)
    if token["phrase"] is not None:
        return _phrase(_unquoted(token["phrase"]), state.part)
    if token["field"]:
        return _fielded(state, token["field"], token["value"].rstrip(","))
    if token["word"]:
        return _item_of_word(state, token["word"], depth)
    if token["stray"]:
        state.notices.append(Notice("unclosed-quote", ""))
    return None


def _item_of_word(state: _State, text: str, depth: int) -> Node | None:
    goes_on = _peek(state) not in ("", *OR_WORDS, ")")
    if goes_on and text == "NOT":
        return _negated(_item(state, depth))
    if goes_on and text == "AND" and state.position > 1:
        return None
    compared = COMPARED.fullmatch(text)
    if compared and compared["field"].lower() in state.fields:
        return _fielded(state, compared["field"], compared["value"])
    if text.endswith(":") and text[:-1].lstrip("-").lower() in state.fields:
        state.notices.append(Notice("no-value", text.lower()))
    return _word(text, state.part)


def _group(state: _State, depth: int) -> Node:
    if depth >= MAX_DEPTH:
        state.notices.append(Notice("too-deep", "("))
        return And()
    inner = _either(state, depth + 1)
    if _peek(state) == ")":
        state.position += 1
    return inner


def _negated(node: Node | None) -> Node | None:
    if node is None or node == And():
        return None
    return node.child if isinstance(node, Not) else Not(node)


def _phrase(text: str, part: str) -> Node | None:
    return Phrase(text, part) if text.strip() else None


def _word(text: str, part: str) -> Node | None:
    # `--force` is an option of some command, not a negation.
    if text.startswith("-") and not text.startswith("--"):
        return _negated(_word(text[1:], part))
    bare = text.rstrip("*")
    if not any(char.isalnum() or ord(char) > 127 for char in bare):
        return None
    # `-OR` and `OR*` are words; in small letters they stay words wherever they are put.
    return Word(bare.lower() if bare in CONNECTING else bare, prefix=bare != text, part=part)


def _fielded(state: _State, written: str, raw: str) -> Node | None:
    is_negative, name = written.startswith("-"), written.lstrip("-").lower()
    if name == "in" and not is_negative and (part := _part(state, raw)):
        state.part = part
        return None
    node: Node | None
    if name == "in":
        state.notices.append(Notice("unknown-part", raw))
        # Without its `in:`, what follows must not become grammar itself.
        node = _plain("in:" if ":" in raw else "", raw, state.part)
    elif name in state.fields:
        unit = _peek(state) if BARE_AMOUNT.fullmatch(raw) and name == "duration" else ""
        if unit and UNIT.fullmatch(unit):
            # `>5 h` is one length, and not five minutes beside the letter h.
            state.position += 1
            raw += unit
        node = _field_node(name, raw)
    else:
        # `http://…` or `error:timeout`: a colon that is no grammar belongs to the text.
        node = _plain(written.lstrip("-") + ":", raw, state.part)
        if re.fullmatch(r"[a-z][a-z.-]+", name) and not raw.startswith("/"):
            state.notices.append(Notice("unknown-field", name))
    return _negated(node) if is_negative else node


def _part(state: _State, raw: str) -> str:
    """The parts that `in:a,b` names, each as it is called in the index; empty when one is unknown."""
    found = [state.parts.get(name, "") for name in raw.lower().split(",")]
    return ",".join(sorted(set(found))) if all(found) else ""


def _plain(start: str, raw: str, part: str) -> Node | None:
    """Something that looks like a field but is none, as words; what stands in quotes as a phrase."""
    if '"' not in raw:
        return _word(start + raw, part)
    found = [_word(start, part)] if start else []
    for match in VALUE.finditer(raw):
        bare = match["bare"]
        is_word = bare is not None and ":" not in bare
        found.append(
            _word(bare, part) if is_word else _phrase(bare or _unquoted(match["quoted"]), part)
        )
    return conjunction(node for node in found if node is not None)


def _field_node(name: str, raw: str) -> Node:
    is_quoted = '"' in raw
    # Commas part values; round a range they part nothing.
    if not is_quoted and (found := _range_in(name, raw.strip(","))):
        return found
    values = [
        _unquoted(match["quoted"]) if match["quoted"] is not None else match["bare"]
        for match in VALUE.finditer(raw)
    ]
    kept = tuple(dict.fromkeys(value for value in values if value)) or ("",)
    return Any(name, kept) if is_quoted else _signed(name, kept)


def _range_in(name: str, raw: str) -> Range | None:
    if comparison := COMPARISON.fullmatch(raw):
        bound, sign = comparison["bound"], comparison["sign"]
        strict = "=" not in sign
        return Range(name, bound, "", strict) if sign[0] == ">" else Range(name, "", bound, strict)
    low, dots, high = raw.partition("..")
    is_below, high = high.startswith("<"), high.lstrip("<").strip(".,")
    if not dots or not (low or high):
        return None
    return Range(name, low, high, strict=is_below and bool(high))


def _signed(name: str, values: tuple[str, ...]) -> Node:
    """`cause:network,-dns`: what a value with a minus stands for is left out."""
    wanted = tuple(value for value in values if not value.startswith("-"))
    unwanted = tuple(dict.fromkeys(value.lstrip("-") for value in values if value[0:1] == "-"))
    nodes = [Any(name, wanted)] if wanted else []
    return conjunction([*nodes, *([Not(Any(name, unwanted or ("",)))] if any(unwanted) else [])])


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
