"""What a template may say: names, kinds and sections, checked and cleaned. Called by the verbs and by
the reader of the shipped file."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from postmortems.document_rules import SECTION_KEY, clean
from postmortems.section_names import KIND, SECTION_NAMES
from taxonomy import lookup
from taxonomy.fields import Fields, Problem, refusal
from taxonomy.slugs import SLUG

NAME_LENGTH = 120
PROMPT_LENGTH = 600
MOST_SECTIONS = 30
MOST_KINDS = 30
# Other parts of a postmortem; a section of that name would have the same place on its page.
OTHER_PARTS = frozenset(
    (
        *("title", "summary", "in-short", "how-long", "signals", "workarounds", "causes"),
        *("classified", "timeline", "hypotheses", "lessons", "actions", "related", "relations"),
        *("references", "sources", "similar", "attachments", "about", "main", "new"),
    )
)
Problems = dict[str, list[str | ValidationError]]


def cleaned(given: Mapping[str, Any], *, known_kinds: Collection[str] = ()) -> dict[str, Any]:
    """The columns that are given, as they are stored; kinds among `known_kinds` need not be offered
    any more. Raises ValidationError keyed by field, a section's by `sections.NUMBER.FIELD`."""
    cleaners: dict[str, Callable[[Any, Problems], Any]] = {
        "names": lambda value, found: _texts(value, "names", NAME_LENGTH, found, required=True),
        "kinds": lambda value, found: _kinds(value, known_kinds, found),
        "sections": _sections,
    }
    found: Problems = {}
    values = {name: cleaners[name](value, found) for name, value in given.items()}
    if found:
        raise ValidationError(found)
    return values


def slug_of(slug: str, names: Mapping[str, str]) -> str:
    """The slug as it is stored, made of the English name where none is given; raises ValidationError."""
    slug = clean(slug) or slugify(names.get("en", ""))[:60].strip("-")
    if not SLUG.fullmatch(slug) or len(slug) > 60 or slug == "new":
        message = _("Use small letters, digits and single hyphens, at most 60, and not “new”.")
        raise ValidationError({"slug": message})
    return slug


def _texts(
    value: Mapping[str, str], name: str, limit: int, found: Problems, *, required: bool = False
) -> dict[str, str]:
    """Texts by language, by the rules that vocabularies have."""
    problems: list[Problem] = []
    given = {code: clean(str(text)) for code, text in value.items()}
    field = name.rpartition(".")[2]
    fields = Fields(name, {field: {code: text for code, text in given.items() if text}}, problems)
    texts = fields.texts(field, limit, required=required)
    if problems:
        found.setdefault(name, []).extend(map(refusal, problems))
    return texts


def _kinds(value: Iterable[str], known: Collection[str], found: Problems) -> list[str]:
    kinds = list(dict.fromkeys(value))
    terms = lookup.current()
    for kind in kinds[:MOST_KINDS]:
        term = terms.get(KIND, kind)
        if kind not in known and (term is None or term.retired):
            message = _("There is no kind “%(kind)s”.") % {"kind": clean(kind)[:60]}
            found.setdefault("kinds", []).append(message)
    if len(kinds) > MOST_KINDS:
        _say(found, "kinds", _("At most %(most)d are allowed."), most=MOST_KINDS)
    return kinds


def _sections(value: Iterable[Mapping[str, Any]], found: Problems) -> list[dict[str, Any]]:
    given = list(value)
    if not given:
        _say(found, "sections", _("A template needs at least one section."))
    if len(given) > MOST_SECTIONS:
        _say(found, "sections", _("A template has at most %(most)d sections."), most=MOST_SECTIONS)
        return []
    sections = [_section(item, f"sections.{number}", found) for number, item in enumerate(given)]
    keys: set[str] = set()
    for number, section in enumerate(sections):
        if section["key"] in keys:
            message = _("The section “%(key)s” stands here a second time.")
            _say(found, f"sections.{number}.key", message, key=section["key"])
        keys.add(section["key"])
    return sections


def _section(given: Mapping[str, Any], place: str, found: Problems) -> dict[str, Any]:
    key = clean(str(given.get("key", "")))
    names = given.get("names") or {}
    key = key or slugify(clean(str(names.get("en", ""))))[:60].strip("-")
    if not SECTION_KEY.fullmatch(key):
        _say(found, f"{place}.key", _("Use small letters, digits and hyphens, at most 60."))
    elif key in OTHER_PARTS:
        message = _("“%(key)s” is another part of a postmortem; choose another key.")
        _say(found, f"{place}.key", message, key=key)
    is_own = key not in SECTION_NAMES
    prompts = given.get("prompts") or {}
    return {
        "key": key,
        # The fixed sections have names of their own in every language.
        "names": _texts(names, f"{place}.names", NAME_LENGTH, found, required=is_own),
        "prompts": _texts(prompts, f"{place}.prompts", PROMPT_LENGTH, found),
        "is_open": bool(given.get("is_open")),
    }


def _say(found: Problems, name: str, message: str, **values: object) -> None:
    found.setdefault(name, []).append(message % values)
