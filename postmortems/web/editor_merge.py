"""What two people changed differently, side by side, and what was decided about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from postmortems import merging
from postmortems.document import Document
from postmortems.document_rules import short
from postmortems.merging import ABSENT, BOTH, MINE, THEIRS, Clash, both_of
from postmortems.models import Postmortem, User
from postmortems.moments import Moment
from postmortems.section_names import SectionNames
from postmortems.templatetags.moments_tags import moment_with_zone
from postmortems.web import editor_desk, editor_parts
from postmortems.web.editor_desk import Desk
from postmortems.web.incident_words import NAMES
from postmortems.word_diff import Run, runs

CHOICE = "choice."


@dataclass(frozen=True)
class ClashRow:
    """One thing to decide: what it is, and both texts."""

    name: str
    label: str
    base: str
    mine: str
    theirs: str
    may_be_both: bool = False
    chosen: str = ""
    error: str = ""

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """Their text and yours word by word: what is removed stands in theirs alone, what is added in
        yours."""
        return runs(self.theirs, self.mine)


def saver_of(postmortem: Postmortem) -> User:
    """Who saved the current revision."""
    return postmortem.revisions.select_related("author").get(number=postmortem.revision).author


def saved_since(postmortem: Postmortem, revision: int) -> str:
    """That somebody has saved since that revision; empty where nobody has."""
    if postmortem.revision <= revision:
        return ""
    values = {"name": saver_of(postmortem), "number": postmortem.revision}
    return _("%(name)s saved revision %(number)s while you were writing.") % values


def clash_rows(
    clashes: Iterable[Clash], decided: Mapping[str, str] | None = None, *, is_asked: bool = False
) -> list[ClashRow]:
    """The clashes in words, with what was `decided`; `is_asked` once all should be."""
    chosen = decided or {}
    sections = SectionNames(translation.get_language() or "en")
    return [
        ClashRow(
            name=f"{CHOICE}{clash.name}",
            label=_label(clash, sections),
            base=_words(clash.base),
            mine=_words(clash.mine),
            theirs=_words(clash.theirs),
            may_be_both=both_of(clash) is not None,
            chosen=chosen.get(clash.name, ""),
            error=_("Choose one of them.") if is_asked and clash.name not in chosen else "",
        )
        for clash in clashes
    ]


def decided_in(data: QueryDict) -> dict[str, str]:
    """What the form says about each clash, by its name."""
    chosen = {name.removeprefix(CHOICE): data[name] for name in data if name.startswith(CHOICE)}
    return {name: side for name, side in chosen.items() if side in (MINE, THEIRS, BOTH)}


def _label(clash: Clash, sections: SectionNames) -> str:
    if clash.part == "sections":
        return sections.of(clash.key)
    names = {part.name: part.label for part in editor_parts.PARTS} | NAMES
    names |= {"title": _("Title"), "summary": _("Summary"), "classifications": _("Classification")}
    name = str(names.get(clash.part, clash.part))
    return _("%(part)s: the order") % {"part": name} if isinstance(clash.mine, tuple) else name


def _words(value: Any) -> str:
    """A side as text; one that has nothing says so."""
    if value is ABSENT or value is None or value == "":
        return _("(nothing)")
    if isinstance(value, str):
        return value
    if isinstance(value, Moment):
        return moment_with_zone(value)
    if isinstance(value, tuple):
        return "\n".join(f"{place}. {short(_words(item))}" for place, item in enumerate(value, 1))
    names = getattr(value, "__dataclass_fields__", {})
    texts = [_inner(getattr(value, name)) for name in names if name != "id"]
    return " · ".join(text for text in texts if text)


def _inner(value: Any) -> str:
    if isinstance(value, Moment):
        return moment_with_zone(value) if value != Moment() else ""
    if isinstance(value, tuple):
        return "; ".join(_words(item) for item in value)
    return str(value) if value not in (None, "", False, True) else ""


def still_decided(
    desk: Desk, mine: Document, theirs: Document, decided: Mapping[str, str], against: str
) -> dict[str, str]:
    """The decisions about what still stands as it was shown, in the revision `against`."""
    number = editor_desk.number_of(against)
    if not (decided and number):
        return {}
    shown = editor_desk.base_of(desk.postmortem, number)
    then, now = (
        {clash.name: clash.theirs for clash in merging.merge(desk.base, mine, other, {}).clashes}
        for other in (shown, theirs)
    )
    return {
        name: side
        for name, side in decided.items()
        if name in then and name in now and then[name] == now[name]
    }
