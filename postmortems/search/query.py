"""What was asked, as a tree of frozen nodes that prints back to text. Pure; `parser` makes it."""

from collections.abc import Iterator
from dataclasses import dataclass

BARE = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./@+#")


@dataclass(frozen=True, slots=True)
class Word:
    """One word; `prefix` for `deploy*`; `part` when only one part is searched (`in:timeline`)."""

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
    """`field:low..high`, `field:>low`: both ends as written, empty for open; `strict` for > and <."""

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
    match node:
        case Word(text, prefix, part):
            return _in(part) + (text if _is_bare(text) else _quoted(text)) + ("*" if prefix else "")
        case Phrase(text, part):
            return _in(part) + _quoted(text)
        case Any(field, values):
            return f"{field}:{','.join(map(_value, values))}"
        case Range(field, low, high, strict):
            return f"{field}:{_range(low, high, strict=strict)}"
        case Not(child):
            return f"-{_grouped(child, (And, Or))}"
        case Or(children):
            return " OR ".join(_grouped(child, (Or,)) for child in children)
        case And(children):
            return " ".join(_grouped(child, (Or, And)) for child in children)


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


def conjunction(nodes: "Iterator[Node] | tuple[Node, ...]") -> Node:
    """All of the nodes as one, flat."""
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.children if isinstance(node, And) else [node])
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def has_text(node: Node) -> bool:
    """Whether words or phrases are asked for, so that relevance means something."""
    return any(isinstance(leaf, Word | Phrase) and not no for leaf, no in leaves(node))


def _in(part: str) -> str:
    return f"in:{part} " if part else ""


def _grouped(node: Node, loose: tuple[type, ...]) -> str:
    text = to_text(node)
    return f"({text})" if isinstance(node, loose) else text


def _is_bare(text: str) -> bool:
    plain = all(char in BARE or ord(char) > 127 for char in text)
    return plain and text not in ("OR", "AND") and not text.startswith("-")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _value(text: str) -> str:
    return text if text and _is_bare(text) and ".." not in text else _quoted(text)


def _range(low: str, high: str, *, strict: bool) -> str:
    if low and high:
        return f"{low}..{high}"
    if low:
        return f"{'>' if strict else '>='}{low}"
    return f"{'<' if strict else '<='}{high}"
