"""What a term or a vocabulary is called and means, checked by the rules that vocabulary files have."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from taxonomy.fields import Fields, Problem, refusal
from taxonomy.models import ROLES, Term, Vocabulary
from taxonomy.vocabulary_file import FACETS, NAME_LENGTH, SYMBOL_LENGTH, TEXT_LENGTH

LONGEST_WHY = 2_000
GRAVEST, MILDEST = 1, 1000

# Each takes its value out of a mapping as the file reader does, in the same words.
TERM_FIELDS: dict[str, Callable[[Fields], Any]] = {
    "names": lambda fields: fields.texts("names", NAME_LENGTH, required=True),
    "aliases": lambda fields: list(fields.words("aliases", NAME_LENGTH)),
    "definitions": lambda fields: fields.texts("definitions", TEXT_LENGTH),
    "symbol": lambda fields: fields.text("symbol", SYMBOL_LENGTH),
    "rank": lambda fields: fields.number("rank", GRAVEST, MILDEST),
}
VOCABULARY_FIELDS: dict[str, Callable[[Fields], Any]] = {
    "names": lambda fields: fields.texts("names", NAME_LENGTH, required=True),
    "help": lambda fields: fields.texts("help", TEXT_LENGTH),
    "kind": lambda fields: fields.choice("kind", Vocabulary.Kind.values),
    "many": lambda fields: fields.flag("many"),
    "roles": lambda fields: list(fields.words("roles", NAME_LENGTH)),
    "required": lambda fields: fields.flag("required"),
    "facet": lambda fields: fields.choice("facet", FACETS, default="closed"),
    "facet_values": lambda fields: fields.number("facet_values", 1, 1000) or 7,
}


@dataclass
class Errors:
    """Collects what is wrong, keyed by field, and raises it all at once."""

    found: dict[str, list[str | ValidationError]] = field(default_factory=dict)

    def add(self, name: str, message: str | ValidationError) -> None:
        """Say that a field is wrong; an empty message is nothing."""
        if message:
            self.found.setdefault(name, []).append(message)

    def finish(self) -> None:
        """Raise ValidationError when anything is wrong."""
        if self.found:
            raise ValidationError(self.found)


def term_values(given: Mapping[str, Any], errors: Errors) -> dict[str, Any]:
    """The columns of a term that are given, cleaned."""
    return _taken(given, TERM_FIELDS, errors)


def vocabulary_values(given: Mapping[str, Any], errors: Errors) -> dict[str, Any]:
    """The columns of a vocabulary that are given, cleaned."""
    values = _taken(given, VOCABULARY_FIELDS, errors)
    if "roles" in values:
        values["roles_allowed"] = values.pop("roles")
        for role in sorted(set(values["roles_allowed"]) - set(ROLES)):
            errors.add("roles", _("There is no role “%(role)s”.") % {"role": role})
    if "facet" in values:
        facet = values.pop("facet")
        values |= {"facet_shown": facet != "hidden", "facet_open": facet == "open"}
    return values


def _taken(
    given: Mapping[str, Any], known: Mapping[str, Callable[[Fields], Any]], errors: Errors
) -> dict[str, Any]:
    if strange := sorted(set(given) - set(known)):
        raise TypeError(f"There is no field {strange[0]!r} that can be changed.")
    values = {}
    for name, value in given.items():
        problems: list[Problem] = []
        values[name] = known[name](Fields(name, {name: _as_in_file(value)}, problems))
        for problem in problems:
            errors.add(name, refusal(problem))
    return values


def _as_in_file(value: Any) -> Any:
    """In a vocabulary file numbers and flags are texts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return {name: text for name, text in value.items() if text}
    if isinstance(value, int):
        return str(value)
    return "" if value is None else value


def check_rank(term: Term, errors: Errors) -> None:
    """An ordered vocabulary has one living term a rank, any other vocabulary none."""
    if term.vocabulary.kind != Vocabulary.Kind.ORDERED:
        if term.rank is not None:
            errors.add("rank", _("Only an ordered vocabulary has ranks."))
        return
    if term.retired_at:
        return
    if term.rank is None:
        errors.add("rank", _("A term of an ordered vocabulary needs a rank; 1 is the gravest."))
        return
    others = Term.objects.filter(
        vocabulary=term.vocabulary_id, rank=term.rank, retired_at__isnull=True
    )
    if others.exclude(pk=term.pk).exists():
        errors.add("rank", _("The rank %(rank)d is taken by another term.") % {"rank": term.rank})


def sentence(name: str, text: str, errors: Errors) -> str:
    """A text somebody gives as a reason, not too long."""
    text = text.strip()
    if len(text) > LONGEST_WHY:
        errors.add(name, _("It has at most %(most)d characters.") % {"most": LONGEST_WHY})
    return text
