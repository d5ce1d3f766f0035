"""What a Document must fulfil before it is stored, and before it is published. Called by the verbs."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from postmortems import document_json
from postmortems.document import Document
from postmortems.models.postmortem import is_ref
from taxonomy.lookup import Terms

STUB = {"stub"}
SLIP = {"process/operator-slip"}


def check(document: Document, terms: Terms) -> None:
    """Raise ValidationError, keyed by JSON pointer, for content that breaks a rule of its shape."""
    problems: dict[str, list[str]] = dict(_vocabulary_problems(document, terms))
    for problem in document_json.check(document):
        problems.setdefault(problem.pointer, []).append(problem.message)
    for position, relation in enumerate(document.relations):
        if not is_ref(relation.target):
            message = _("“%(target)s” is no ref: it has eight letters and digits.")
            problems[f"/relations/{position}/target"] = [message % {"target": relation.target}]
    if problems:
        raise ValidationError(problems)


def _vocabulary_problems(document: Document, terms: Terms) -> Iterator[tuple[str, list[str]]]:
    """Roles that a vocabulary does not have, and a second term where it allows one."""
    used: set[str] = set()
    for position, item in enumerate(document.classifications):
        info = terms.vocabulary(item.vocabulary)
        # `content` refuses it by name when it writes; here it has no rules to break.
        if info is None:
            continue
        pointer = f"/classifications/{position}"
        if item.role and item.role not in info.roles_allowed:
            message = _("“%(name)s” has no role “%(role)s”.")
            yield f"{pointer}/role", [message % {"name": info.slug, "role": item.role}]
        if info.slug in used and not info.many:
            yield f"{pointer}/term", [_("“%(name)s” takes one term.") % {"name": info.slug}]
        used.add(info.slug)


def check_ready(document: Document, terms: Terms) -> None:
    """Raise ValidationError for what review and publishing still need.

    A stub needs nothing but its kind. Everything else needs each required vocabulary, and a cause
    beside an operator's slip: somebody's slip explains nothing until it is said what let it happen.
    """
    if problems := dict(needed(document, terms)):
        raise ValidationError(problems)


def needed(document: Document, terms: Terms) -> Iterator[tuple[str, list[str]]]:
    """What is missing before review and publishing, keyed by JSON pointer (`/classifications/cause`)."""
    if is_stub(document):
        return
    for slug, name in unclassified(document, terms):
        yield f"/classifications/{slug}", [needed_words(name)]
    if _terms(document, "cause") == SLIP:
        message = _("An operator's slip cannot be the only cause. Name what let it happen.")
        yield "/classifications/cause", [message]


def unclassified(document: Document, terms: Terms) -> Iterator[tuple[str, str]]:
    """Slug and name of each required vocabulary that it has no term of; a stub needs none."""
    present = {item.vocabulary for item in document.classifications}
    language = translation.get_language() or "en"
    for info in terms.vocabularies:
        if info.required and info.slug not in present and not is_stub(document):
            yield info.slug, info.name(language)


def needed_words(name: str) -> str:
    """What is said of a part that is missing."""
    return _("“%(name)s” is needed before publishing.") % {"name": name}


def is_stub(document: Document) -> bool:
    """Whether it is meant to say only that it happened: its kind is stub, and nothing else."""
    return _terms(document, "kind") == STUB


def _terms(document: Document, vocabulary: str) -> set[str]:
    return {item.term for item in document.classifications if item.vocabulary == vocabulary}
