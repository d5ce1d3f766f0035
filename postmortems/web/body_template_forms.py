"""The form of a body template: what stands in it, what its buttons do to the rows, and what was sent as
the verbs take it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from postmortems.body_templates.checking import MOST_SECTIONS, NAME_LENGTH, PROMPT_LENGTH
from postmortems.digits import number_in
from postmortems.models import BodyTemplate
from postmortems.section_names import KIND, SECTION_NAMES
from postmortems.web.curation_forms import Text
from postmortems.web.curation_problems import Line, Place, Places, at_fields, lines
from taxonomy import languages, lookup

# More rows than may be saved, so that one too many is told and not lost.
MOST_ROWS = 2 * MOST_SECTIONS
# What the buttons of a row do to its place.
MOVES = {"up": -1, "down": 1, "remove": 0}


@dataclass(frozen=True)
class SectionRow:
    """One section of the form; its texts by language."""

    key: str = ""
    is_open: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    prompts: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Whether nothing is entered."""
        return not (self.key or any(self.names.values()) or any(self.prompts.values()))

    @property
    def as_sent(self) -> dict[str, Any]:
        """The section as the verbs take it."""
        texts = {"names": dict(self.names), "prompts": dict(self.prompts)}
        return {"key": self.key, "is_open": self.is_open} | texts


@dataclass(frozen=True)
class ShownRow:
    """A row as it is printed: the number in its names, its title and fields, what is wrong with it."""

    number: int
    title: str
    key: str
    is_open: bool
    is_new: bool
    names: list[Text]
    prompts: list[Text]
    errors: dict[str, str]


@dataclass(frozen=True)
class Form:
    """Everything that stands in the form, and what is wrong with it by field."""

    slug: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    rows: tuple[SectionRow, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """The fields as the verbs take them."""
        sections = [row.as_sent for row in self.rows]
        return {"names": dict(self.names), "kinds": list(self.kinds), "sections": sections}

    def with_errors(self, error: ValidationError) -> Self:
        """The same with sentences at their fields, and above them."""
        errors = at_fields(error)
        return replace(self, errors=errors, lines=lines(errors, _places(len(self.rows))))

    def after(self, button: str) -> Self:
        """The form after `up:NUMBER`, `down:NUMBER`, `remove:NUMBER` or any other button: rows in
        which nothing is entered are left out."""
        act, _colon, text = button.partition(":")
        rows = list(self.rows)
        number = number_in(text, 0, len(rows) - 1)
        if number is not None and act in MOVES:
            row, place = rows.pop(number), max(0, number + MOVES[act])
            rows[place:place] = [] if act == "remove" else [row]
        return replace(self, rows=tuple(row for row in rows if not row.is_blank))

    @property
    def name_fields(self) -> list[Text]:
        """A field for the name in each language."""
        return _texts("names", self.names, NAME_LENGTH)

    @property
    def shown(self) -> Iterator[ShownRow]:
        """The rows as they are printed, a blank one last."""
        for number, row in enumerate((*self.rows, SectionRow(is_open=True))):
            start = f"sections.{number}"
            named = {
                name.removeprefix(f"{start}."): words
                for name, words in self.errors.items()
                if name.startswith(f"{start}.")
            }
            yield ShownRow(
                number=number,
                title=str(SECTION_NAMES.get(row.key, "")) or _name_of(row),
                key=row.key,
                is_open=row.is_open,
                is_new=row.is_blank,
                names=_texts(f"{start}.names", row.names, NAME_LENGTH),
                prompts=_texts(f"{start}.prompts", row.prompts, PROMPT_LENGTH),
                errors=named,
            )


def _places(sections: int) -> Places:
    """The fields in the order in which they stand."""
    places = {
        "names": Place(_("Name"), "names-en"),
        "slug": Place(_("Key"), "slug"),
        "kinds": Place(_("For postmortems of the kind"), "kinds"),
        "sections": Place(_("Sections"), "sections"),
    }
    members = {"key": _("Key"), "names": _("Name"), "prompts": _("What it asks")}
    for number in range(sections):
        start = f"sections.{number}"
        ids = (f"sections-{number}-key", f"{start}.names-en", f"{start}.prompts-en")
        for (member, label), place_id in zip(members.items(), ids, strict=True):
            words = {"part": _("Section"), "number": number + 1, "field": label}
            label = _("%(part)s %(number)s, %(field)s") % words
            places[f"{start}.{member}"] = Place(label, place_id)
    return places


def _name_of(row: SectionRow) -> str:
    """A section's name in the reader's language or its fallback, else its key."""
    return languages.pick(row.names, translation.get_language() or "en", row.key)


def sent(post: QueryDict) -> Form:
    """The form as it was sent, blank rows too: the buttons count them."""
    numbers = dict.fromkeys(
        name.split(".")[1] for name in post if name.startswith("sections.") and name.count(".") > 1
    )
    rows = [_row(post, f"sections.{number}") for number in list(numbers)[:MOST_ROWS]]
    return Form(
        slug=post.get("slug", ""),
        names=_given(post, "names"),
        kinds=tuple(post.getlist("kinds")),
        rows=tuple(rows),
    )


def of_template(template: BodyTemplate) -> Form:
    """The form of a template as it stands."""
    rows = tuple(
        SectionRow(item["key"], item["is_open"], item["names"], item["prompts"])
        for item in template.sections
    )
    return Form(template.slug, template.names, tuple(template.kinds), rows)


def fixed() -> Form:
    """The form of a new template: the fixed sections, to begin with."""
    return Form(rows=tuple(SectionRow(key, is_open=True) for key in SECTION_NAMES))


def kind_choices(chosen: Iterable[str], language: str) -> list[tuple[str, str]]:
    """Path and name of every kind that is offered, and of those that are chosen already."""
    kept = set(chosen)
    terms = lookup.current().terms_of(KIND, retired=True)
    return [
        (term.path, term.name(language)) for term in terms if not term.retired or term.path in kept
    ]


def _row(post: QueryDict, start: str) -> SectionRow:
    return SectionRow(
        key=post.get(f"{start}.key", "").strip(),
        is_open=bool(post.get(f"{start}.open")),
        names=_given(post, f"{start}.names"),
        prompts=_given(post, f"{start}.prompts"),
    )


def _given(post: QueryDict, group: str) -> dict[str, str]:
    return {code: post.get(f"{group}-{code}", "") for code, _name in settings.LANGUAGES}


def _texts(group: str, values: Mapping[str, str], most: int) -> list[Text]:
    return [
        Text(f"{group}-{code}", str(name), code, values.get(code, ""), most)
        for code, name in settings.LANGUAGES
    ]
