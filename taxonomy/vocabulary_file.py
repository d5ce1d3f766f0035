"""The YAML text of vocabularies: read and checked into plain entries, and printed from them.

No database. `vocabulary` turns entries into rows and back; `read(print_file(entries))` gives the
same entries again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import yaml
from django.utils.translation import gettext as _

from taxonomy import strict_yaml, tree
from taxonomy.fields import Fields, Problem
from taxonomy.models import PATH_LENGTH, ROLES, Vocabulary
from taxonomy.slugs import term_slug_problem, vocabulary_slug_problem

FORMAT = "1"
MAX_CHARACTERS = 4 * 1024 * 1024
MAX_TERMS = 20_000
MAX_DEPTH = 8
NAME_LENGTH = 120
TEXT_LENGTH = 600
SYMBOL_LENGTH = 16
FACETS = ("closed", "open", "hidden")


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A term as the file says it; `retired` is since when, `merged_into` the path of its heir."""

    path: str
    names: dict[str, str]
    aliases: tuple[str, ...] = ()
    definitions: dict[str, str] = field(default_factory=dict)
    symbol: str = ""
    rank: int | None = None
    retired: datetime | None = None
    merged_into: str = ""


@dataclass(frozen=True, slots=True)
class VocabularyEntry:
    """A vocabulary as the file says it, its terms in display order."""

    slug: str
    kind: str
    names: dict[str, str]
    help: dict[str, str] = field(default_factory=dict)
    many: bool = False
    roles: tuple[str, ...] = ()
    required: bool = False
    facet: str = "closed"
    facet_values: int = 7
    terms: tuple[TermEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class VocabularyFile:
    """What a text says. With problems, the entries are not to be used."""

    vocabularies: tuple[VocabularyEntry, ...] = ()
    problems: tuple[Problem, ...] = ()


def read(text: str) -> VocabularyFile:
    """The vocabularies in the text, with every problem it has."""
    if len(text) > MAX_CHARACTERS:
        return VocabularyFile(problems=(Problem("", _("The text is too long.")),))
    try:
        data = strict_yaml.read(text)
    except strict_yaml.Refused as error:
        return VocabularyFile(problems=(Problem("", str(error)),))
    problems: list[Problem] = []
    fields = Fields("", data, problems)
    if fields.text("hindsight", 10) != FORMAT:
        fields.problem(_("The first line must be “hindsight: 1”, the number of this format."))
    vocabularies = tuple(
        _vocabulary(slug, value, problems) for slug, value in fields.mapping("vocabularies").items()
    )
    fields.finish()
    return VocabularyFile(vocabularies, tuple(problems))


def _vocabulary(slug: str, data: object, problems: list[Problem]) -> VocabularyEntry:
    fields = Fields(slug, data, problems)
    fields.problem(vocabulary_slug_problem(slug))
    entry = VocabularyEntry(
        slug=slug,
        names=fields.texts("names", NAME_LENGTH, required=True),
        help=fields.texts("help", TEXT_LENGTH),
        kind=fields.choice("kind", Vocabulary.Kind.values),
        many=fields.flag("many"),
        roles=fields.words("roles", NAME_LENGTH),
        required=fields.flag("required"),
        facet=fields.choice("facet", FACETS, default="closed"),
        facet_values=fields.number("facet_values", 1, 1000) or 7,
        terms=_terms(slug, fields.mapping("terms"), problems),
    )
    fields.finish()
    if unknown := sorted(set(entry.roles) - set(ROLES)):
        fields.problem(_("There is no role “%(role)s”.") % {"role": unknown[0]})
    _check_terms(entry, problems)
    return entry


def _terms(slug: str, data: dict[str, Any], problems: list[Problem]) -> tuple[TermEntry, ...]:
    if len(data) > MAX_TERMS:
        problems.append(Problem(slug, _("A vocabulary has at most 20,000 terms.")))
        return ()
    return tuple(_term(f"{slug}: {path}", path, value, problems) for path, value in data.items())


def _term(where: str, path: str, data: object, problems: list[Problem]) -> TermEntry:
    fields = Fields(where, data, problems)
    for part in path.split(tree.SEPARATOR):
        fields.problem(term_slug_problem(part))
    entry = TermEntry(
        path=path,
        names=fields.texts("names", NAME_LENGTH, required=True),
        aliases=fields.words("aliases", NAME_LENGTH),
        definitions=fields.texts("definitions", TEXT_LENGTH),
        symbol=fields.text("symbol", SYMBOL_LENGTH),
        rank=fields.number("rank", 1, 1000),
        retired=_retired(fields),
        merged_into=fields.text("merged_into", PATH_LENGTH),
    )
    fields.finish()
    return entry


def _retired(fields: Fields) -> datetime | None:
    text = fields.text("retired", 40)
    if not text:
        return None
    try:
        stamp = datetime.fromisoformat(text)
    except ValueError:
        fields.problem(_("“retired” says since when, for instance 2026-05-03."))
        return None
    return stamp.astimezone(UTC) if stamp.tzinfo else stamp.replace(tzinfo=UTC)


def _check_terms(entry: VocabularyEntry, problems: list[Problem]) -> None:
    by_path = {term.path: term for term in entry.terms}
    ranks: set[int] = set()
    for term in entry.terms:
        checks = (
            _place_problem(entry, term, by_path),
            _rank_problem(entry, term, ranks),
            _merge_problem(term, by_path),
        )
        where = f"{entry.slug}: {term.path}"
        problems.extend(Problem(where, message) for message in checks if message)


def _place_problem(entry: VocabularyEntry, term: TermEntry, by_path: dict[str, TermEntry]) -> str:
    parent, _slug = tree.split(term.path)
    if not parent:
        return ""
    if entry.kind != Vocabulary.Kind.TREE:
        return _("Only a vocabulary of kind “tree” has terms below terms.")
    if parent not in by_path:
        return _("The term above, “%(parent)s”, is not in the file.") % {"parent": parent}
    if term.path.count(tree.SEPARATOR) >= MAX_DEPTH or len(term.path) > PATH_LENGTH:
        return _("The term hangs too deep in the tree.")
    return ""


def _rank_problem(entry: VocabularyEntry, term: TermEntry, ranks: set[int]) -> str:
    if entry.kind != Vocabulary.Kind.ORDERED:
        return _("Only an ordered vocabulary has ranks.") if term.rank else ""
    if term.retired:
        return ""
    if not term.rank:
        return _("A term of an ordered vocabulary needs a rank; 1 is the gravest.")
    if term.rank in ranks:
        return _("The rank %(rank)d is taken by another term.") % {"rank": term.rank}
    ranks.add(term.rank)
    return ""


def _merge_problem(term: TermEntry, by_path: dict[str, TermEntry]) -> str:
    if not term.merged_into:
        return ""
    if not term.retired:
        return _("A merged term is retired too; say since when.")
    seen = {term.path}
    heir = term.merged_into
    while heir:
        if heir in seen:
            return _("Terms are merged into each other in a circle.")
        if heir not in by_path:
            return _("It is merged into “%(path)s”, which is not in the file.") % {"path": heir}
        seen.add(heir)
        heir = by_path[heir].merged_into
    return ""


def print_file(vocabularies: Iterable[VocabularyEntry]) -> str:
    """The text that `read` turns into the same entries; what stands at its default is left out."""
    data = {
        "hindsight": _Plain(FORMAT),
        "vocabularies": {entry.slug: _vocabulary_data(entry) for entry in vocabularies},
    }
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1_000_000)


def _vocabulary_data(entry: VocabularyEntry) -> dict[str, Any]:
    values = {
        "names": _Inline(entry.names),
        "help": entry.help,
        "kind": entry.kind,
        "many": _Plain("true" if entry.many else ""),
        "roles": list(entry.roles),
        "required": _Plain("true" if entry.required else ""),
        "facet": entry.facet if entry.facet != FACETS[0] else "",
        "facet_values": _Plain(entry.facet_values if entry.facet_values != 7 else ""),
        "terms": {term.path: _term_data(term) for term in entry.terms},
    }
    return {name: value for name, value in values.items() if value}


def _term_data(entry: TermEntry) -> dict[str, Any]:
    values = {
        "names": _Inline(entry.names),
        "aliases": list(entry.aliases),
        "symbol": entry.symbol,
        "rank": _Plain(entry.rank or ""),
        "retired": _Plain(entry.retired.isoformat() if entry.retired else ""),
        "merged_into": entry.merged_into,
        "definitions": entry.definitions,
    }
    return {name: value for name, value in values.items() if value}


class _Inline(dict[str, str]):
    """A mapping that is printed on one line."""


class _Plain(str):
    """A text that is printed without quotes, though YAML takes it for a number, flag or date."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Prints a list on one line, and every value out in full."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_plain(dumper: yaml.SafeDumper, value: _Plain) -> yaml.ScalarNode:
    tag = dumper.resolve(yaml.ScalarNode, str(value), (True, False))
    return dumper.represent_scalar(tag, str(value))


_Dumper.add_representer(
    _Inline, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data, True)
)
_Dumper.add_representer(
    list, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, True)
)
_Dumper.add_representer(_Plain, _represent_plain)
