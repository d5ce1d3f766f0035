"""One editing of a postmortem: from which content it began, what is in its fields, what the buttons
beside saving do to them. Nothing here saves."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.http import Http404, QueryDict
from django.utils import translation
from django.utils.crypto import get_random_string

from postmortems import content, history
from postmortems.document import MOMENTS, Document
from postmortems.document_rules import clean
from postmortems.models import Draft, Postmortem, Revision, User
from postmortems.models.draft import KEY_LENGTH
from postmortems.search.selection import readable
from postmortems.web import editor_fields, editor_parts, editor_paste, editor_templates
from postmortems.web.editor_fields import LISTS, Fields, Reading
from taxonomy import lookup

# The first part of the name of a field that belongs to the content.
TEXTS = ("title", "summary", "language", "duration", "sections", "translations")
# What is asked for beside the content, and kept with it until it is saved.
ENVELOPE = ("team", "visibility", "comment")
# The fields for pasting lines, which no draft keeps.
PASTE = ("text", "day", "zone", "names")
INSIDE = frozenset(
    (*TEXTS, *ENVELOPE, "classifications", editor_templates.PICKED, *MOMENTS, *LISTS)
)
KEY_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
MORE_ROWS = 3
# Rows that stand in no list of the content's own: the facts of one hypothesis, the terms of a vocabulary.
INNER_ROWS = re.compile(r"hypotheses\.[0-9]{1,6}\.evidence|classifications\.[a-z][a-z0-9-]{0,99}")


@dataclass(frozen=True)
class Desk:
    """What lies before the writer. `said` are sentences about what a button did; `place` is where one
    goes on, as the start of a row's fields or the name of the list whose first blank row it is, and
    `told` what is said right there. `paste` is what stands in the fields for pasting lines, `wrong`
    what is said about them by name."""

    postmortem: Postmortem | None
    base: Document
    fields: Fields
    key: str
    revision: int = 0
    version: int = 0
    extra: Mapping[str, int] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    place: str = ""
    paste: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def envelope(self) -> Fields:
        """What was chosen and said beside the content."""
        return {name: self.fields[name] for name in ENVELOPE if name in self.fields}

    def read(self, by: User) -> Reading:
        """What the fields say."""
        return editor_fields.read(self.fields, self.base, by=by.username)


def opened(postmortem: Postmortem | None) -> Desk:
    """The desk for a new postmortem, or for one as it stands."""
    base = content.read(postmortem) if postmortem else Document(title="")
    fields = editor_fields.fields_of(base)
    if postmortem is None:
        # Who reads Chinese most likely writes it too.
        fields["language"] = _own_language()
    return Desk(postmortem, base, fields, new_key(), postmortem.revision if postmortem else 0)


def of_draft(draft: Draft, postmortem: Postmortem | None) -> Desk:
    """The desk as it was left."""
    return Desk(
        postmortem=postmortem,
        base=base_of(postmortem, draft.revision),
        fields=_with_present_paths(draft.typed),
        key=draft.key,
        revision=draft.revision,
        version=draft.version,
    )


def sent(data: QueryDict, postmortem: Postmortem | None) -> Desk:
    """The desk as the form sends it; Http404 for a revision that never was."""
    # A form of what was not there yet began from nothing; what was made of it began as the first.
    revision = number_of(data.get("revision", "")) or int(postmortem is not None)
    return Desk(
        postmortem=postmortem,
        base=base_of(postmortem, revision),
        fields=_with_present_paths(fields_in(data)),
        key=data.get("key", "")[:KEY_LENGTH] or new_key(),
        revision=revision,
        version=number_of(data.get("version", "")),
        paste=_paste_in(data),
    )


def base_of(postmortem: Postmortem | None, revision: int) -> Document:
    """The content that an editing began from."""
    if postmortem is None:
        return Document(title="")
    found = Revision.objects.filter(postmortem=postmortem, number=revision).first()
    if found is None:
        raise Http404
    return history.document_of(found, lookup.current())


def fields_in(data: QueryDict) -> Fields:
    """The fields of the content among all that a form sends."""
    return {
        name: text
        for name in data
        if name.partition(".")[0] in INSIDE and clean(name) == name
        if (text := readable(str(data[name]).replace("\r\n", "\n")))
    }


def _paste_in(data: QueryDict) -> Fields:
    return {name: data.get(f"paste.{name}", "") for name in PASTE}


def _with_present_paths(fields: Fields) -> Fields:
    """The fields with terms under the paths they have today: a term may have moved meanwhile."""
    terms, changed = lookup.current(), dict(fields)
    for name, path in fields.items():
        part, _dot, rest = name.partition(".")
        slug, _dot, member = rest.partition(".")
        term = terms.get(slug, path) if part == "classifications" else None
        if term and member.endswith(".term"):
            changed[name] = terms.heir(term).path
    return changed


def _own_language() -> str:
    """The language of the interface as a postmortem names it."""
    language = translation.get_language() or ""
    return language if language in dict(editor_parts.LANGUAGES) else Document(title="").language


def new_key() -> str:
    """A key for a draft that nobody else has."""
    return get_random_string(KEY_LENGTH, KEY_LETTERS)


def number_of(text: str) -> int:
    """The number that a field of the form holds; 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


# --- Buttons beside saving ----------------------------------------------------------------------


def after_button(desk: Desk, name: str, data: QueryDict) -> Desk:
    """The desk after `rows:PART`, `paste`, `fill`, `take:VOCABULARY:PATH` or `template:SLUG`; as it
    is after any other. Rows are also those of `hypotheses.N.evidence` and `classifications.SLUG`."""
    act, _colon, what = name.partition(":")
    if act == "rows" and (what in LISTS or INNER_ROWS.fullmatch(what)):
        return replace(desk, extra={what: MORE_ROWS}, place=what)
    if act == "take":
        return _with_term(desk, what)
    if act == "template":
        return in_template(desk, what)
    if act == "paste":
        return _with_lines(desk, data)
    if act == "fill":
        return _filled(desk, data)
    return desk


def in_template(desk: Desk, slug: str) -> Desk:
    """The desk with another template before the writer."""
    language = translation.get_language() or "en"
    chosen = editor_templates.with_template(desk.fields, slug, language)
    return replace(desk, fields=chosen.fields, said=chosen.said)


def _with_term(desk: Desk, what: str) -> Desk:
    slug, _colon, path = what.partition(":")
    start = f"classifications.{slug}"
    taken = {row.number for row in editor_fields.rows_of(desk.fields, start)}
    number = next(str(n) for n in range(editor_fields.MOST_ROWS + 2) if str(n) not in taken)
    fields = {**desk.fields, f"{start}.{number}.term": path}
    return replace(desk, fields=fields, place=f"{start}.{number}")


def _with_lines(desk: Desk, data: QueryDict) -> Desk:
    desk = replace(desk, paste=_paste_in(data))
    text, day, zone, names = (desk.paste[name] for name in PASTE)
    if wrong := editor_paste.wrong_in(text, day):
        return replace(desk, wrong=wrong)
    pasted = editor_paste.with_chat(desk.fields, text, day=day, zone=zone, keep_names=bool(names))
    if not pasted.first:
        return replace(desk, said=pasted.said)
    paste = {**desk.paste, "text": pasted.rest} if pasted.rest else {}
    return replace(desk, fields=pasted.fields, told=pasted.said, place=pasted.first, paste=paste)


def _filled(desk: Desk, data: QueryDict) -> Desk:
    keep_names = bool(data.get("paste.names"))
    text = data.get("paste.whole", "")
    pasted = editor_paste.with_whole(desk.fields, text, keep_names=keep_names)
    return replace(desk, fields=pasted.fields, said=pasted.said)
