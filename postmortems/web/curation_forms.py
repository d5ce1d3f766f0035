"""The forms of the curation pages: what stands in them, and what was sent as the verbs take it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from postmortems.document_rules import clean
from postmortems.models import TermSuggestion
from postmortems.web.curation_problems import TERM, Line, Places, at_fields, lines
from taxonomy import languages
from taxonomy.models import ROLES, Term, Vocabulary
from taxonomy.vocabulary_file import FACETS, NAME_LENGTH, TEXT_LENGTH


@dataclass(frozen=True, slots=True)
class Text:
    """One text field of a group that has a field a language."""

    name: str
    label: str
    language: str
    value: str
    most: int


@dataclass(frozen=True)
class Form:
    """What stands in a form, field by field as text, and what is wrong with it."""

    values: dict[str, str] = field(default_factory=dict)
    aliases: str = ""
    roles: tuple[str, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()

    def with_errors(self, error: ValidationError, places: Places = TERM) -> Self:
        """The same with sentences at their fields, and above them."""
        errors = at_fields(error)
        return replace(self, errors=errors, lines=lines(errors, places))

    @property
    def names(self) -> list[Text]:
        """A field for the name in each language."""
        return self._texts("names", NAME_LENGTH)

    @property
    def definitions(self) -> list[Text]:
        """A field for the meaning in each language."""
        return self._texts("definitions", TEXT_LENGTH)

    @property
    def help(self) -> list[Text]:
        """A field for what a vocabulary is for in each language."""
        return self._texts("help", TEXT_LENGTH)

    def _texts(self, group: str, most: int) -> list[Text]:
        return [
            Text(f"{group}-{code}", str(name), code, self.values.get(f"{group}-{code}", ""), most)
            for code, name in settings.LANGUAGES
        ]


def sent(post: QueryDict) -> Form:
    """The form as it was sent."""
    values = {name: clean(value) for name, value in post.items() if isinstance(value, str)}
    roles = tuple(map(clean, post.getlist("roles")))
    return Form(values, aliases=clean(post.get("aliases", "")), roles=roles)


def of_term(term: Term) -> Form:
    """The form of a term that is there."""
    values = _by_language(names=term.names, definitions=term.definitions)
    values |= {"symbol": term.symbol, "rank": "" if term.rank is None else str(term.rank)}
    return Form(values, aliases="\n".join(term.aliases))


def of_suggestion(suggestion: TermSuggestion) -> Form:
    """The form of a term that somebody suggests."""
    values = _by_language(names=suggestion.names, definitions=suggestion.definitions)
    parent = suggestion.parent.path if suggestion.parent else ""
    return Form(values | {"parent": parent})


def of_vocabulary(vocabulary: Vocabulary) -> Form:
    """The form of a vocabulary that is there."""
    shown = "open" if vocabulary.facet_open else "closed"
    values = _by_language(names=vocabulary.names, help=vocabulary.help) | {
        "kind": vocabulary.kind,
        "many": "1" if vocabulary.many else "",
        "required": "1" if vocabulary.required else "",
        "facet": shown if vocabulary.facet_shown else "hidden",
        "facet_values": str(vocabulary.facet_values),
    }
    return Form(values, roles=tuple(vocabulary.roles_allowed))


def words_in(form: Form) -> dict[str, Any]:
    """What a term is called and means, as the verbs take it."""
    return {
        "names": _texts_in(form, "names"),
        "definitions": _texts_in(form, "definitions"),
        "aliases": [line.strip() for line in form.aliases.splitlines() if line.strip()],
        "symbol": form.values.get("symbol", ""),
        "rank": form.values.get("rank", "").strip(),
    }


def texts_in(form: Form) -> dict[str, Any]:
    """Names and definitions alone."""
    words = words_in(form)
    return {name: words[name] for name in ("names", "definitions")}


def vocabulary_in(form: Form) -> dict[str, Any]:
    """A vocabulary, as the verbs take it."""
    return {
        "names": _texts_in(form, "names"),
        "help": _texts_in(form, "help"),
        "kind": form.values.get("kind", ""),
        "many": bool(form.values.get("many")),
        "roles": list(form.roles),
        "required": bool(form.values.get("required")),
        "facet": form.values.get("facet", ""),
        "facet_values": form.values.get("facet_values", ""),
    }


def choices() -> dict[str, list[tuple[str, str]]]:
    """What may be chosen for a vocabulary."""
    kinds = {"tree": _("Tree"), "flat": _("List"), "ordered": _("Scale")}
    facets = {"closed": _("Shown closed"), "open": _("Shown open"), "hidden": _("Not shown")}
    roles = {"primary": _("Primary"), "contributing": _("Contributing")}
    return {
        "kinds": _labelled(Vocabulary.Kind.values, kinds.__getitem__),
        "facets": _labelled(FACETS, facets.__getitem__),
        "roles": _labelled(ROLES, roles.__getitem__),
    }


def _labelled(values: Iterable[str], label: Callable[[str], str]) -> list[tuple[str, str]]:
    return [(value, label(value)) for value in values]


def _texts_in(form: Form, group: str) -> dict[str, str]:
    return {code: form.values.get(f"{group}-{code}", "").strip() for code in languages.LANGUAGES}


def _by_language(**groups: Mapping[str, str]) -> dict[str, str]:
    return {
        f"{group}-{code}": text for group, texts in groups.items() for code, text in texts.items()
    }
