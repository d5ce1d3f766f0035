"""What publishing needs, by severity and kind: how many approvals, and which parts must be filled."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from postmortems import audit, outbox, readiness
from postmortems.access import Viewer
from postmortems.document import MOMENTS, SECTIONS, Document
from postmortems.models import BodyTemplate, ReviewRule, User
from postmortems.models.review import MOST_APPROVALS
from postmortems.moments import UNKNOWN
from taxonomy.lookup import Terms

LISTS = ("timeline", "hypotheses", "lessons", "actions", "references")
# What the product knows to ask for, in the order of the page; beside it, sections of body templates.
PARTS = ("summary", *MOMENTS, *SECTIONS, *LISTS)
VOCABULARIES = ("severity", "kind")
OTHERWISE = ""


@dataclass(frozen=True)
class Rule:
    """How many people must approve a revision, and the parts that may not be empty."""

    approvals: int = 1
    parts: tuple[str, ...] = ()


_SERIOUS = Rule(1, ("detected", "impact", "timeline", "actions"))
SHIPPED: Mapping[str, Rule] = {
    OTHERWISE: Rule(1),
    "severity:sev1": _SERIOUS,
    "severity:sev2": _SERIOUS,
    "severity:sev4": Rule(0),
    "severity:sev5": Rule(0),
    "kind:near-miss": Rule(0),
}


def current() -> dict[str, Rule]:
    """All rules by their key: those of the site, and those shipped where the site has none."""
    rows = ReviewRule.objects.values_list("key", "approvals", "parts")
    return {**SHIPPED, **{key: Rule(approvals, tuple(parts)) for key, approvals, parts in rows}}


def rule_for(document: Document, terms: Terms, rules: Mapping[str, Rule]) -> Rule:
    """The rule for a content.

    That of its kind goes before that of its severity, which for a near miss is only what could have
    been. With several kinds the strictest one holds. A stub needs no parts.
    """
    by_term = _by_term(terms, rules)
    severity = _strictest(_of(document, "severity", terms, by_term)) or rules[OTHERWISE]
    kinds = [rule or severity for rule in _of(document, "kind", terms, by_term)]
    found = _strictest(kinds) or severity
    return Rule(found.approvals) if readiness.is_stub(document) else found


def missing_parts(document: Document, parts: Iterable[str]) -> list[str]:
    """Those of the parts that are empty."""
    return [part for part in parts if not _is_filled(document, part)]


def _is_filled(document: Document, part: str) -> bool:
    if part == "resolved" and document.duration:
        return True
    if part in MOMENTS:
        return getattr(document, part) != UNKNOWN
    if part in LISTS or part == "summary":
        return bool(getattr(document, part))
    return bool(document.sections.get(part))


def _by_term(terms: Terms, rules: Mapping[str, Rule]) -> dict[int, Rule]:
    """The rules by the term they are for, where it stands today."""
    found = ((terms.get(*key.split(":", 1)), rule) for key, rule in rules.items() if key)
    return {terms.heir(term).id: rule for term, rule in found if term}


def _of(
    document: Document, vocabulary: str, terms: Terms, by_term: Mapping[int, Rule]
) -> Iterator[Rule | None]:
    """The rule of each term of the vocabulary, or of the nearest term above it."""
    for use in document.classifications:
        term = terms.get(vocabulary, use.term) if use.vocabulary == vocabulary else None
        if term:
            above = reversed(terms.ancestors(terms.heir(term)))
            yield next((by_term[item.id] for item in above if item.id in by_term), None)


def _strictest(rules: Iterable[Rule | None]) -> Rule | None:
    given = [rule for rule in rules if rule]
    if not given:
        return None
    parts = dict.fromkeys(part for rule in given for part in rule.parts)
    return Rule(max(rule.approvals for rule in given), tuple(parts))


# --- Changing them ------------------------------------------------------------------------------


def may_change_rules(user: Viewer) -> bool:
    """Whether the user decides what publishing needs: administrators."""
    return isinstance(user, User) and user.is_active and user.is_administrator


def known_parts() -> list[str]:
    """All parts that a rule may ask for."""
    sections = BodyTemplate.objects.filter(removed_at=None).values_list("sections", flat=True)
    own = {section["key"] for listed in sections for section in listed}
    return [*PARTS, *sorted(own.difference(PARTS))]


def change_rule(
    key: str, *, by: User, terms: Terms, approvals: int, parts: Iterable[str]
) -> ReviewRule:
    """Let a severity, a kind or everything else (an empty key) need this.

    Raises PermissionDenied, or ValidationError keyed by field.
    """
    wanted = list(dict.fromkeys(parts))
    with outbox.writing():
        _check_may_change(by)
        _check(key, terms, approvals, wanted)
        row = ReviewRule.objects.select_for_update().filter(key=key).first()
        before = _told(current().get(key))
        row = row or ReviewRule(key=key)
        row.approvals, row.parts = approvals, wanted
        row.save()
        after = {"approvals": approvals, "parts": wanted}
        audit.record("change-review-rule", row, by=by, before=before, after=after)
    return row


def restore_rule(key: str, *, by: User) -> None:
    """Let it need again what the product comes with; raises PermissionDenied."""
    with outbox.writing():
        _check_may_change(by)
        row = ReviewRule.objects.select_for_update().filter(key=key).first()
        if row is None:
            return
        before = {"approvals": row.approvals, "parts": row.parts}
        audit.record(
            "restore-review-rule", row, by=by, before=before, after=_told(SHIPPED.get(key))
        )
        row.delete()


def _check_may_change(by: User) -> None:
    if not may_change_rules(by):
        raise PermissionDenied(_("Only administrators change what publishing needs."))


def _check(key: str, terms: Terms, approvals: int, parts: list[str]) -> None:
    vocabulary, _colon, path = key.partition(":")
    if key and (vocabulary not in VOCABULARIES or not terms.get(vocabulary, path)):
        raise ValidationError({"key": _("There is no such severity or kind.")})
    if not 0 <= approvals <= MOST_APPROVALS:
        message = _("From 0 to %(most)d people approve.") % {"most": MOST_APPROVALS}
        raise ValidationError({"approvals": message})
    if unknown := set(parts).difference(known_parts()):
        message = _("There is no part “%(name)s”.") % {"name": min(unknown)[:60]}
        raise ValidationError({"parts": message})


def _told(rule: Rule | None) -> dict[str, object]:
    return {"approvals": rule.approvals, "parts": list(rule.parts)} if rule else {}
