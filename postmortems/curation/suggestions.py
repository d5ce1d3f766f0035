"""Terms that authors miss: they suggest one, a curator accepts or declines it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems import audit, outbox
from postmortems.curation.places import place_problem
from postmortems.curation.rights import curating, may_curate, may_suggest
from postmortems.curation.terms import new_term
from postmortems.curation.wording import Errors, sentence, term_values
from postmortems.models import TermSuggestion, User
from taxonomy.lookup import fold
from taxonomy.models import Term, Vocabulary

Outcome = TermSuggestion.Outcome
MOST_OPEN = 50


def suggest_term(
    vocabulary: Vocabulary,
    names: Mapping[str, str],
    *,
    by: User,
    parent: Term | None = None,
    definitions: Mapping[str, str] | None = None,
    why: str = "",
) -> TermSuggestion:
    """Say that a term is missing; `names` by language, English among them.

    Raises PermissionDenied for who writes nowhere; ValidationError keyed by field, also for a name
    that a term has already and for more than 50 open suggestions of one person.
    """
    if not may_suggest(by):
        raise PermissionDenied(_("Who writes postmortems may suggest terms."))
    errors = Errors()
    given = {"names": dict(names), "definitions": dict(definitions or {})}
    values = term_values(given, errors)
    why = sentence("why", why, errors)
    errors.add("parent", place_problem(vocabulary, parent))
    with outbox.writing():
        errors.add("names", _name_problem(vocabulary, values["names"]))
        if TermSuggestion.objects.open().filter(suggested_by=by).count() >= MOST_OPEN:
            message = _("You have %(most)d suggestions open; wait until some are decided.")
            errors.add("names", message % {"most": MOST_OPEN})
        errors.finish()
        made = TermSuggestion.objects.create(
            vocabulary=vocabulary, parent=parent, why=why, suggested_by=by, **values
        )
        audit.record("suggest-term", made, by=by, after={"vocabulary": vocabulary.slug})
    return made


def accept_suggestion(
    suggestion: TermSuggestion,
    *,
    by: User,
    parent: Term | None = None,
    slug: str = "",
    as_of: int | None = None,
    answer: str = "",
    **words: Any,
) -> Term:
    """Make the term, at `parent` and with `words` as the curator has them now.

    Raises PermissionDenied; ValidationError as `add_term` does, and for what is decided already.
    """
    with curating(by, as_of):
        held = _open(suggestion)
        kept = {"names": held.names, "definitions": held.definitions}
        term = new_term(held.vocabulary, parent, slug, kept | words, by=by)
        _decide(held, Outcome.ACCEPTED, answer, by, term)
    return term


def decline_suggestion(suggestion: TermSuggestion, *, by: User, answer: str) -> TermSuggestion:
    """Say no, with a reason. Raises PermissionDenied; ValidationError without one."""
    if not may_curate(by):
        raise PermissionDenied(_("Only curators change vocabularies."))
    with outbox.writing():
        held = _open(suggestion)
        if not answer.strip():
            raise ValidationError({"answer": _("Say why, so that who asked can learn from it.")})
        _decide(held, Outcome.DECLINED, answer, by)
    return held


def _decide(
    held: TermSuggestion, outcome: str, answer: str, by: User, term: Term | None = None
) -> None:
    errors = Errors()
    held.answer = sentence("answer", answer, errors)
    errors.finish()
    held.outcome, held.term = outcome, term
    held.decided_by, held.decided_at = by, timezone.now()
    held.save()
    action = "accept-suggestion" if term else "decline-suggestion"
    audit.record(action, held, by=by, after={"term": str(term or "")})


def _open(suggestion: TermSuggestion) -> TermSuggestion:
    """The row as it stands now; raises ValidationError when it was decided meanwhile."""
    held = TermSuggestion.objects.select_for_update(of=("self",)).select_related("vocabulary")
    found = held.get(pk=suggestion.pk)
    if found.outcome:
        raise ValidationError({"answer": _("This suggestion was decided already.")})
    return found


def _name_problem(vocabulary: Vocabulary, names: Mapping[str, str]) -> str:
    wanted = {fold(name) for name in names.values()}
    for term in vocabulary.terms.filter(retired_at__isnull=True):
        called = {fold(name) for name in (*term.names.values(), *term.aliases)}
        if wanted & called:
            return _("“%(name)s” is called that already.") % {"name": term.name_in("en")}
    return ""
