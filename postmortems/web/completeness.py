"""What a postmortem tells and what it leaves open. A stub and a missing part are facts, never errors."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postmortems.document import Action, Document
from postmortems.known_parts import permanent_of
from postmortems.moments import UNKNOWN, Moment
from postmortems.web.read_terms import uses_of


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many parts are there, and a sentence for each that is not; `gaps` has each with where the
    editor has its fields."""

    present: int
    total: int
    share: str
    missing: tuple[str, ...]
    missing_words: str
    label: str
    gaps: tuple[tuple[str, str], ...] = ()


def completeness_of(document: Document) -> Completeness:
    """The parts a reader looks for, present or missing."""
    parts = list(_parts(document))
    gaps = tuple((words, place) for words, is_present, place in parts if not is_present)
    missing = tuple(words for words, _place in gaps)
    present, total = len(parts) - len(missing), len(parts)
    counted = {"present": present, "total": total}
    return Completeness(
        present=present,
        total=total,
        share=f"{100 * present / total:.2f}%",
        missing=missing,
        missing_words=ngettext(
            "%(n)s thing not recorded", "%(n)s things not recorded", len(missing)
        )
        % {"n": len(missing)},
        label=_("%(present)s of %(total)s parts present") % counted,
        gaps=gaps,
    )


def is_stub(document: Document) -> bool:
    """Whether it is meant to say only this much: its kind is stub, and nothing else."""
    return [use.term for use in uses_of(document, "kind")] == ["stub"]


def _parts(document: Document) -> Iterator[tuple[str, bool, str]]:
    yield _("Summary not written"), bool(document.summary), "summary"
    yield _("Impact not described"), "impact" in document.sections, "sections-impact"
    yield _("Severity not assigned"), bool(uses_of(document, "severity")), "part-terms"
    yield _("Trigger not recorded"), bool(uses_of(document, "trigger")), "part-terms"
    yield _("Root cause not recorded"), bool(uses_of(document, "cause")), "part-terms"
    yield _("Start not recorded"), _is_known(document.started), "started"
    yield _("Detection time not recorded"), _is_known(document.detected), "detected"
    yield _("Mitigation time not recorded"), _is_known(document.mitigated), "mitigated"
    yield (
        _("End and length not recorded"),
        bool(document.duration or _is_known(document.resolved)),
        "resolved",
    )
    yield _("Timeline not recorded"), bool(document.timeline), "part-timeline"
    yield _("Resolution not described"), "resolution" in document.sections, "sections-resolution"
    yield _("Lessons not recorded"), bool(document.lessons), "part-lessons"
    yield _("Actions not recorded"), bool(document.actions), "part-actions"
    yield from _permanent_action_parts(document)
    yield _("Sources not recorded"), bool(document.references), "part-references"


def _is_known(moment: Moment) -> bool:
    return moment != UNKNOWN


def _permanent_action_parts(document: Document) -> Iterator[tuple[str, bool, str]]:
    permanent = [*permanent_of(document)]
    if permanent:
        yield (
            _("Permanent action has no owner"),
            all(action.owner for action in permanent),
            "part-actions",
        )
        yield _("Permanent action has no status"), all(map(_has_status, permanent)), "part-actions"


def _has_status(action: Action) -> bool:
    return action.status != "unknown"
