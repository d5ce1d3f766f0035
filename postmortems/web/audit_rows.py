"""Entries of the audit log as the page shows them: in words, with a way to what they are about."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from postmortems.models import (
    AuditEntry,
    Postmortem,
    ReadingList,
    SavedSearch,
    Team,
    TermSuggestion,
    User,
)
from postmortems.models.accounts import SYSTEM_USERNAME
from postmortems.models.postmortem import is_ref
from postmortems.templatetags.title_tags import title_marked
from postmortems.web.audit_words import ACTIONS, KINDS, words
from taxonomy.models import Term, Vocabulary

# A change this small is read at a glance; a larger one is unfolded.
FEW_CHANGES = 3
SHORT = 48
# Their names are how they begin, and whose they are by number.
TOKENS = ("apitoken", "feedsecret")

# An object's kind and id, and where it stands today under which name.
Places = dict[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True)
class Change:
    """One field before and after; an empty text for what was not there."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Row:
    """One entry; `url` leads to the object where it still exists, `code` tells what has no name."""

    entry: AuditEntry
    action: str
    kind: str
    name: str
    code: str
    url: str
    changes: list[Change]

    @property
    def history_url(self) -> str:
        """All that was done to the object. A ref is nobody else's; a number may be of any kind."""
        asked = {"object": self.entry.object_id}
        if not is_ref(self.entry.object_id):
            asked["kind"] = self.entry.object_kind
        return f"?{urlencode(asked)}"

    @property
    def is_short(self) -> bool:
        """Whether all that changed can stand beside the rest."""
        lengths = (len(change.before + change.after) for change in self.changes)
        return len(self.changes) <= FEW_CHANGES and all(length <= SHORT for length in lengths)


def rows_of(entries: Iterable[AuditEntry], reader: User) -> list[Row]:
    """The rows in the same order, with a statement for each kind of object and none for each row."""
    found = list(entries)
    places = _places(found, reader)
    return [_row(entry, places) for entry in found]


def changes_of(before: Any, after: Any) -> list[Change]:
    """The fields that an entry tells of, in the order of their names."""
    old = before if isinstance(before, Mapping) else {}
    new = after if isinstance(after, Mapping) else {}
    changes = (
        Change(name, _text(old.get(name)), _text(new.get(name))) for name in sorted({*old, *new})
    )
    return [change for change in changes if change.before or change.after]


def _row(entry: AuditEntry, places: Places) -> Row:
    # A refusal names what was asked for, and stands with the postmortem that it was asked of.
    is_act = entry.object_kind == "act"
    of = ("postmortem" if is_act else entry.object_kind, entry.object_id)
    url, name = places.get(of, ("", ""))
    code = "" if name else _code_of(entry)
    return Row(
        entry=entry,
        action=words(ACTIONS, entry.action),
        kind=words(KINDS, entry.object_kind),
        name="" if code else name or entry.object_name,
        code=code,
        url=url,
        changes=changes_of(entry.before, entry.after),
    )


def _code_of(entry: AuditEntry) -> str:
    """What stands for an object that the log knows by no name; empty where it has one."""
    object_id, name = entry.object_id, entry.object_name
    if entry.object_kind in TOKENS:
        return name.partition(" of ")[0] or object_id
    if entry.object_kind == "act":
        return name
    # The kind stands beside it: “reading list 3dq7xwm6” would say it twice.
    is_named = name and not (is_ref(object_id) and object_id in name)
    return "" if is_named else object_id


def _text(value: Any) -> str:
    if value is None or value in ({}, []):
        return ""
    if isinstance(value, list) and all(isinstance(item, str | int) for item in value):
        return ", ".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# --- Where objects stand today --------------------------------------------------------------------


def _places(entries: list[AuditEntry], reader: User) -> Places:
    ids: dict[str, set[str]] = {}
    for entry in entries:
        kind = "postmortem" if entry.object_kind == "act" else entry.object_kind
        ids.setdefault(kind, set()).add(entry.object_id)
    return {
        (kind, object_id): place
        for kind, find in FINDERS.items()
        if kind in ids
        for object_id, place in find(ids[kind], reader)
    }


def _postmortems(refs: set[str], reader: User) -> Iterable[tuple[str, tuple[str, str]]]:
    for found in Postmortem.objects.visible_to(reader).filter(ref__in=refs):
        yield found.ref, (found.get_absolute_url(), title_marked(found))


def _saved_searches(refs: set[str], reader: User) -> Iterable[tuple[str, tuple[str, str]]]:
    for found in SavedSearch.objects.visible_to(reader).filter(ref__in=refs):
        yield found.ref, (reverse("saved-search", args=[found.ref]), found.name)


def _reading_lists(refs: set[str], reader: User) -> Iterable[tuple[str, tuple[str, str]]]:
    for found in ReadingList.objects.visible_to(reader).filter(ref__in=refs):
        yield found.ref, (found.get_absolute_url(), found.name)


def _terms(pks: set[str], reader: User) -> Iterable[tuple[str, tuple[str, str]]]:
    for found in Term.objects.filter(pk__in=_numbers(pks)).select_related("vocabulary"):
        yield str(found.pk), (reverse("term", args=[found.vocabulary.slug, found.path]), found.path)


def _vocabularies(pks: set[str], reader: User) -> Iterable[tuple[str, tuple[str, str]]]:
    for found in Vocabulary.objects.filter(pk__in=_numbers(pks)):
        yield str(found.pk), (reverse("vocabulary", args=[found.slug]), found.slug)


def _suggestions(pks: set[str], reader: User) -> Iterable[tuple[str, tuple[str, str]]]:
    for found in TermSuggestion.objects.filter(pk__in=_numbers(pks)):
        yield str(found.pk), (reverse("suggestion", args=[found.pk]), str(found))


def _people(pks: set[str], reader: User) -> Iterable[tuple[str, tuple[str, str]]]:
    for found in User.objects.exclude(username=SYSTEM_USERNAME).filter(pk__in=_numbers(pks)):
        yield str(found.pk), (reverse("person", args=[found.username]), found.username)


def _teams(pks: set[str], reader: User) -> Iterable[tuple[str, tuple[str, str]]]:
    for found in Team.objects.filter(pk__in=_numbers(pks)):
        yield str(found.pk), (reverse("team", args=[found.slug]), found.name)


def _numbers(pks: set[str]) -> list[int]:
    return [int(pk) for pk in pks if pk.isdecimal()]


Finder = Callable[[set[str], User], Iterable[tuple[str, tuple[str, str]]]]
FINDERS: dict[str, Finder] = {
    "postmortem": _postmortems,
    "savedsearch": _saved_searches,
    "readinglist": _reading_lists,
    "term": _terms,
    "vocabulary": _vocabularies,
    "termsuggestion": _suggestions,
    "user": _people,
    "team": _teams,
}
