"""The words of a review: how long ago, what is missing, which approvals no longer count and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from postmortems import history
from postmortems.document import MOMENTS
from postmortems.models import Approval, Postmortem
from postmortems.readiness import needed_words
from postmortems.reviews.rules import LISTS
from postmortems.reviews.state import State
from postmortems.section_names import SectionNames
from postmortems.web.history_words import name_of


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing, and where the editor has its fields."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Void:
    """An approval that no longer counts, and what changed since."""

    approval: Approval
    words: str


def age_words(at: datetime) -> str:
    """How many days ago it was, by the calendar of who reads."""
    days = (timezone.localdate() - timezone.localtime(at).date()).days
    if days <= 0:
        return _("today")
    return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}


def listed(words: Iterable[str]) -> str:
    """Names one after another."""
    return pgettext("between names", ", ").join(words)


def part_words(part: str, names: SectionNames) -> str:
    """What a part that a rule asks for is called."""
    is_section = part not in (*MOMENTS, *LISTS, "summary")
    return name_of("sections", part, names) if is_section else name_of(part, "", names)


def gaps_of(state: State, names: SectionNames) -> list[Gap]:
    """Everything that keeps the content from being published; each once."""
    edit = reverse("postmortem-edit", args=[state.postmortem.ref])
    found = [Gap(part_words(part, names), f"{edit}#{_place(part)}") for part in state.parts]
    return [*found, *(Gap(words, f"{edit}#part-terms") for words in _needed(state))]


def _needed(state: State) -> Iterator[str]:
    """Vocabularies without a term by their names, as parts are; all else in its own sentence."""
    names = {needed_words(name): name for name in state.unclassified}
    for said in state.needed.values():
        yield from (names.get(words, words) for words in said)


def _place(part: str) -> str:
    """Where the editor has the fields of a part."""
    if part in LISTS:
        return f"part-{part}"
    return part if part in (*MOMENTS, "summary") else f"sections-{part}"


def voids_of(state: State, names: SectionNames) -> list[Void]:
    """The approvals that a later revision has voided, each with what changed since."""
    if not state.void:
        return []
    changed = history.last_changed(state.postmortem)
    return [Void(item, _void_words(item, state.postmortem, changed, names)) for item in state.void]


def _void_words(
    approval: Approval, postmortem: Postmortem, changed: Mapping[str, int], names: SectionNames
) -> str:
    told = {"number": approval.revision, "name": approval.reviewer}
    first = _("Approval of revision %(number)s by %(name)s no longer counts:") % told
    later: dict[int, list[str]] = {}
    for part, number in sorted(changed.items(), key=lambda pair: pair[1]):
        # Not everybody may know of the other end of a relation.
        if number > approval.revision and part != "relations":
            name, _slash, key = part.partition("/")
            later.setdefault(number, []).append(name_of(name, key, names))
    if not later:
        return f"{first} {_('revision %(number)s replaced it.') % {'number': postmortem.revision}}"
    form = _("%(parts)s changed in %(number)s")
    said = (form % {"parts": listed(parts), "number": number} for number, parts in later.items())
    return f"{first} {'; '.join(said)}."


def approvals_words(state: State) -> str:
    """How many approvals there are of those needed."""
    if not state.rule.approvals:
        return _("No approval is needed.")
    if not state.left:
        return _("Approved.")
    # There are always fewer than are needed here: "0 of 1 approvals".
    counted = {"have": len(state.counted), "n": state.rule.approvals}
    return _("%(have)s of %(n)s approvals") % counted
