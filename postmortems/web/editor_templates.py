"""Templates in the editor: which one the form is in, what choosing another does to its fields, and which
sections it shows. Switching changes what is asked, never what was written.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from postmortems.body_templates import Template, TemplateSection, offered, template_for
from postmortems.document import SECTIONS
from postmortems.section_names import KIND, SectionNames
from postmortems.web.editor_fields import Fields, Row, rows_of
from postmortems.web.editor_parts import PROMPTS
from postmortems.writing.heading_names import normal, target_of
from taxonomy import lookup
from taxonomy.lookup import TermInfo, Terms

# The field in which the form remembers what was chosen.
PICKED = "template"
KINDS = f"classifications.{KIND}"
FIXED = tuple(TemplateSection(key, {}, {}, is_open=True) for key in SECTIONS)
# What the list of missing things leads to; their fields are there in every template.
LED_TO = ("impact", "resolution")


@dataclass(frozen=True)
class Choice:
    """One thing that somebody may be writing about."""

    slug: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Chosen:
    """The fields after a template was chosen, and sentences about what changed."""

    fields: Fields
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class SectionLine:
    """A section as the form shows it; what has no text may be folded."""

    key: str
    label: str
    prompt: str
    is_open: bool


def in_use(
    fields: Mapping[str, str], templates: Sequence[Template], terms: Terms
) -> Template | None:
    """The template of the fields: that of their kind, else the one that was chosen."""
    kinds = [row.values["term"] for row in _kind_rows(fields)]
    return template_for(kinds, templates, terms, picked=fields.get(PICKED, ""))


def headings(fields: Mapping[str, str]) -> dict[str, str]:
    """The names of all templates' sections in `normal` form, with their keys; where two are called
    the same, that of the template in use is meant."""
    templates, terms = offered(), lookup.current()
    used = in_use(fields, templates, terms)
    others = {
        name: key
        for template in templates
        for name, key in _named(template)
        # What every postmortem has keeps its name in the templates of others.
        if not target_of(name)
    }
    return others | dict(_named(used) if used else ())


def _named(template: Template) -> Iterator[tuple[str, str]]:
    for section in template.sections:
        for name in section.names.values():
            yield normal(name), section.key


def choices(templates: Sequence[Template], chosen: Template | None, language: str) -> list[Choice]:
    """The templates by name, and none of them at the end."""
    found = [Choice(item.slug, item.name(language), item == chosen) for item in templates]
    return [*found, Choice("", _("Something else"), chosen is None)] if found else []


def with_template(fields: Mapping[str, str], slug: str, language: str) -> Chosen:
    """The fields in another template, with its kind where none is chosen or where the template that
    was in use brought it; an empty slug is for none."""
    templates, terms = offered(), lookup.current()
    template = next((item for item in templates if item.slug == slug), None)
    if slug and template is None:
        return Chosen(dict(fields))
    before = in_use(fields, templates, terms)
    changed = {name: text for name, text in fields.items() if name != PICKED}
    changed |= {PICKED: slug} if slug else {}
    _put_kind(changed, _kind_of(template, terms) if template else None, before, terms)
    after = in_use(changed, templates, terms)
    return Chosen(changed, (_told(after, language),) if after != before else ())


def section_lines(
    fields: Mapping[str, str], template: Template | None, terms: Terms, language: str
) -> Iterator[SectionLine]:
    """The sections of the template in its order, then every other that has a text."""
    sections = {item.key: item for item in (template.sections if template else FIXED)}
    written = [name.removeprefix("sections.") for name in fields if name.startswith("sections.")]
    names = SectionNames(language, terms)
    for key in dict.fromkeys((*sections, *names.in_order((*written, *LED_TO)))):
        section = sections.get(key) or TemplateSection(key, {}, {}, is_open=False)
        yield SectionLine(
            key=key,
            label=section.name(language) or names.of(key),
            prompt=section.prompt(language) or str(PROMPTS.get(key, "")),
            is_open=section.is_open or bool(fields.get(f"sections.{key}")),
        )


# --- The kind -----------------------------------------------------------------------------------


def _kind_rows(fields: Mapping[str, str]) -> list[Row]:
    return [row for row in rows_of(fields, KINDS) if row.values.get("term")]


def _kind_of(template: Template, terms: Terms) -> TermInfo | None:
    """The first of its kinds that is offered."""
    found = (terms.get(KIND, kind) for kind in template.kinds)
    living = (terms.heir(term) for term in found if term)
    return next((term for term in living if not term.retired), None)


def _put_kind(fields: Fields, kind: TermInfo | None, before: Template | None, terms: Terms) -> None:
    """Put the kind in: in the place of that which the template before brought, else beside the others."""
    rows = _kind_rows(fields)
    if kind and any(terms.get(KIND, row.values["term"]) == kind for row in rows):
        return
    # A kind with a reason was thought about, and stays.
    brought = [row for row in rows if not row.values.get("why") and _is_of(row, before, terms)]
    if brought:
        fields[f"{KINDS}.{brought[0].number}.term"] = kind.path if kind else ""
    elif kind:
        taken = [int(row.number) for row in rows_of(fields, KINDS)]
        fields[f"{KINDS}.{1 + max(taken, default=-1)}.term"] = kind.path


def _is_of(row: Row, template: Template | None, terms: Terms) -> bool:
    return bool(template and template_for([row.values["term"]], [template], terms))


def _told(template: Template | None, language: str) -> str:
    if template is None:
        return _("The sections are those of no template now. What you have written stays.")
    words = _("The sections are those for “%(name)s” now. What you have written stays.")
    return words % {"name": template.name(language)}
