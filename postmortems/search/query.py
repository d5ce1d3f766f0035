"""What was asked, as a tree of frozen nodes that prints back to text. Pure; `parser` makes it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# What a word may not be made of or begin with, because it would be read as grammar.
GRAMMAR = re.compile(r'[\s()"]|^-(?!-)|\*$|^OR$')
PLAIN_VALUE = re.compile(r"[\w./@+#-]+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word; `prefix` for `deploy*`; `part` when only that part is searched (`in:timeline`)."""

    text: str
    prefix: bool = False
    part: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words next to each other in this order."""

    text: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Any:
    """`field:a,b`: one of the values. `field` is as written, aliases and all."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """`field:low..high`, `field:>low`: both ends as written, empty for open; `strict` for > and <,
    and for `low..<high`, which leaves its upper end out."""

    field: str
    low: str = ""
    high: str = ""
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but this."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All of these; of no children, everything."""

    children: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of these."""

    children: tuple["Node", ...]


Node = Word | Phrase | Any | Range | Not | And | Or
EVERYTHING = And()


def to_text(node: Node) -> str:
    """The query as a person would type it; parsing it again gives the same tree."""
    return _text(node, "")


def leaves(node: Node, *, negated: bool = False) -> Iterator[tuple[Node, bool]]:
    """Every node without children, and whether it stands under an odd number of Nots."""
    if isinstance(node, And | Or):
        for child in node.children:
            yield from leaves(child, negated=negated)
    elif isinstance(node, Not):
        yield from leaves(node.child, negated=not negated)
    else:
        yield node, negated


def conjuncts(node: Node) -> tuple[Node, ...]:
    """The parts of a query that each narrow it alone."""
    return node.children if isinstance(node, And) else (node,)


def without(node: Node, child: Node) -> Node:
    """The query less one of its conjuncts."""
    return conjunction(item for item in conjuncts(node) if item is not child)


def conjunction(nodes: Iterable[Node]) -> Node:
    """All of the nodes as one, flat."""
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.children if isinstance(node, And) else [node])
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def has_text(node: Node) -> bool:
    """Whether words or phrases are asked for, so that relevance means something."""
    return any(isinstance(leaf, Word | Phrase) and not no for leaf, no in leaves(node))


# --- Printing: `scope` is the part that an `in:` further out already names -----------------------


def _text(node: Node, scope: str) -> str:
    parts = {leaf.part for leaf, _no in leaves(node) if isinstance(leaf, Word | Phrase)}
    if len(parts) == 1 and scope not in parts and not isinstance(node, Or):
        inner = parts.pop()
        text = _text(node, inner)
        # `-in:timeline word` would be read as something else.
        return f"-(in:{inner} {text[1:]})" if isinstance(node, Not) else f"in:{inner} {text}"
    match node:
        case Word(text, prefix):
            return (quoted(text) if GRAMMAR.search(text) else text) + ("*" if prefix else "")
        case Phrase(text):
            return quoted(text)
        case Any(field, values):
            return f"{field}:{','.join(map(_value, values))}"
        case Range(field, low, high, strict):
            return f"{field}:{_range(low, high, strict=strict)}"
        case Not(child):
            return f"-{_grouped(child, scope)}"
        case Or(children):
            return " OR ".join(_text(child, scope) for child in children)
        case And(children):
            return " ".join(_beside(child, scope) for child in children)


def _beside(child: Node, scope: str) -> str:
    """A child of an And; its `in:` must not reach its neighbours."""
    text = _text(child, scope)
    return f"({text})" if isinstance(child, Or) or text.startswith("in:") else text


def _grouped(child: Node, scope: str) -> str:
    text = _text(child, scope)
    return f"({text})" if isinstance(child, And | Or) or text.startswith("-") else text


def quoted(text: str) -> str:
    """A text as a phrase is written."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _value(text: str) -> str:
    is_plain = PLAIN_VALUE.fullmatch(text) and ".." not in text
    return text if is_plain else quoted(text)


def _range(low: str, high: str, *, strict: bool) -> str:
    if low and high:
        return f"{low}..{'<' if strict else ''}{high}"
    if low:
        return f"{'>' if strict else '>='}{low}"
    return f"{'<' if strict else '<='}{high}"
