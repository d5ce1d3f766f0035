"""The templates that are offered, and which of them a text is written in. Called by the editor."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from postmortems.models import BodyTemplate
from postmortems.section_names import KIND
from taxonomy import languages
from taxonomy.lookup import Terms


@dataclass(frozen=True, slots=True)
class TemplateSection:
    """One section; names and prompts are empty where the fixed ones of the product are meant."""

    key: str
    names: Mapping[str, str]
    prompts: Mapping[str, str]
    is_open: bool

    def name(self, language: str) -> str:
        """What it is called in the language or its fallback; empty where nobody wrote it."""
        return languages.pick(self.names, language)

    def prompt(self, language: str) -> str:
        """What it asks in the language or its fallback; empty where nobody wrote it."""
        return languages.pick(self.prompts, language)


@dataclass(frozen=True, slots=True)
class Template:
    """A template as it stands; `kinds` are the paths of the terms it is for."""

    slug: str
    names: Mapping[str, str]
    kinds: tuple[str, ...]
    sections: tuple[TemplateSection, ...]

    def name(self, language: str) -> str:
        """The name in the language or its fallback, else the slug."""
        return languages.pick(self.names, language, self.slug)


def offered() -> tuple[Template, ...]:
    """All templates that are in use, in their order: one statement."""
    return tuple(map(_template, BodyTemplate.objects.offered()))


def template_for(
    kinds: Iterable[str], templates: Sequence[Template], terms: Terms, *, picked: str = ""
) -> Template | None:
    """The template of a text of these kinds, None where the fixed sections stand alone.

    That is the template of the first kind that has one. The template of the slug `picked` comes
    before it as long as it is for one of the kinds, or neither it nor the text is bound to any.
    """
    wanted = [_meant(kind, terms) for kind in kinds]
    found = [template for kind in wanted if (template := _of_kind(kind, templates, terms))]
    choice = next((template for template in templates if template.slug == picked), None)
    if choice and _is_for_any(choice, wanted, terms):
        return choice
    if found:
        return found[0]
    return choice if choice and not (wanted and choice.kinds) else None


def _of_kind(kind: object, templates: Sequence[Template], terms: Terms) -> Template | None:
    return next((item for item in templates if _is_for_any(item, [kind], terms)), None)


def _is_for_any(template: Template, wanted: Sequence[object], terms: Terms) -> bool:
    return any(_meant(kind, terms) in wanted for kind in template.kinds)


def _meant(kind: str, terms: Terms) -> object:
    """What two paths have in common that mean one term, also after it was moved or merged."""
    term = terms.get(KIND, kind)
    return terms.heir(term).id if term else kind


def _template(row: BodyTemplate) -> Template:
    sections = tuple(_section(item) for item in row.sections)
    return Template(row.slug, row.names, tuple(row.kinds), sections)


def _section(data: Mapping[str, Any]) -> TemplateSection:
    return TemplateSection(data["key"], data["names"], data["prompts"], data["is_open"])
