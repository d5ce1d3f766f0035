"""Where administrators say what publishing needs, by severity and kind."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from postmortems.digits import number_in
from postmortems.models import ReviewRule
from postmortems.models.review import MOST_APPROVALS
from postmortems.reviews import rules as stored
from postmortems.reviews.rules import Rule
from postmortems.section_names import SectionNames
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.review_words import listed, part_words
from postmortems.web.shortcuts import render_page
from taxonomy import lookup
from taxonomy.lookup import Terms


@dataclass(frozen=True)
class Row:
    """A severity, a kind, or everything else. Without a rule of its own, `rule` is what holds for it."""

    key: str
    id: str
    name: str
    rule: Rule
    words: str
    has_own: bool
    is_of_site: bool
    problem: str = ""


@dataclass(frozen=True)
class Group:
    """The rows of a vocabulary."""

    title: str
    rows: tuple[Row, ...]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: AuthenticatedRequest) -> HttpResponse:
    """All rules; a form under each changes it, or lets it be again what the product comes with."""
    if not stored.may_change_rules(request.user):
        raise PermissionDenied(_("Only administrators change what publishing needs."))
    if request.method != "POST":
        return _page(request, "", "")
    key = request.POST.get("key", "").replace("\0", "")[:160]
    try:
        _change(request, key)
    except ValidationError as error:
        return _page(request, key, " ".join(error.messages))
    messages.success(request, _("The rule is changed."))
    return HttpResponseRedirect(f"{reverse('review-rules')}#{_id_of(key)}")


def _change(request: AuthenticatedRequest, key: str) -> None:
    if request.POST.get("do") == "restore":
        stored.restore_rule(key, by=request.user)
        return
    approvals = number_in(request.POST.get("approvals", ""), 0, MOST_APPROVALS)
    stored.change_rule(
        key,
        by=request.user,
        terms=lookup.current(),
        approvals=-1 if approvals is None else approvals,
        parts=request.POST.getlist("part"),
    )


def _page(request: AuthenticatedRequest, key: str, problem: str) -> HttpResponse:
    language, terms = translation.get_language() or "en", lookup.current()
    names = SectionNames(language, terms)
    context = {
        "groups": list(_groups(terms, language, names, (key, problem))),
        "parts": [(part, part_words(part, names)) for part in stored.known_parts()],
        "numbers": [(n, _approvals(n)) for n in range(MOST_APPROVALS + 1)],
    }
    status = 400 if problem else 200
    return render_page(request, "review/rules.html", context, status=status)


def _groups(
    terms: Terms, language: str, names: SectionNames, wrong: tuple[str, str]
) -> Iterator[Group]:
    known = stored.current()
    of_site = set(ReviewRule.objects.values_list("key", flat=True))
    otherwise = known[stored.OTHERWISE]

    def row(key: str, name: str) -> Row:
        rule = known.get(key, otherwise)
        words = _words(rule, names) if key in known else _("as everything else")
        problem = wrong[1] if wrong == (key, wrong[1]) else ""
        return Row(key, _id_of(key), name, rule, words, key in known, key in of_site, problem)

    yield Group(_("Everything else"), (row(stored.OTHERWISE, _("Without a rule of its own")),))
    for vocabulary in stored.VOCABULARIES:
        info = terms.vocabulary(vocabulary)
        found = terms.terms_of(vocabulary)
        if info and found:
            rows = (row(f"{vocabulary}:{term.path}", term.name(language)) for term in found)
            yield Group(info.name(language), tuple(rows))


def _id_of(key: str) -> str:
    return f"rule-{key.replace(':', '-').replace('/', '-') or 'otherwise'}"


def _words(rule: Rule, names: SectionNames) -> str:
    if not rule.parts:
        return _approvals(rule.approvals)
    parts = listed(part_words(part, names) for part in rule.parts)
    told = {"approvals": _approvals(rule.approvals), "parts": parts}
    return _("%(approvals)s; filled: %(parts)s") % told


def _approvals(number: int) -> str:
    if not number:
        return _("no approval")
    return ngettext("%(n)s approval", "%(n)s approvals", number) % {"n": number}
