"""Terms that authors suggest: the list, suggesting one, deciding on one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from postmortems import curation
from postmortems.curation.rights import mark
from postmortems.models import TermSuggestion, User
from postmortems.web import curation_forms as forms
from postmortems.web.curation import as_of, chosen_in, get_vocabulary, parents_in
from postmortems.web.curation_forms import Form
from postmortems.web.read_terms import term_url
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import page_of, render_page

PAGE_SIZE = 50


@login_required
@require_safe
def suggestions(request: AuthenticatedRequest) -> HttpResponse:
    """All suggestions for curators, one's own for everybody else; the open ones first."""
    found = TermSuggestion.objects.filter(**_reach(request.user))
    rows = found.select_related("vocabulary", "parent__vocabulary", "suggested_by", "term")
    language = translation.get_language() or "en"
    in_order = rows.order_by("outcome", "-created_at", "-pk")
    shown, pages = page_of(request, in_order, PAGE_SIZE)
    context = {
        "rows": [(row, row.name_in(language), row.vocabulary.name_in(language)) for row in shown],
        "pages": pages,
        "may_curate": curation.may_curate(request.user),
    }
    return render_page(request, "curation/suggestions.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def term_suggest(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Say that a term is missing."""
    vocabulary = get_vocabulary(slug)
    if not curation.may_suggest(request.user):
        raise PermissionDenied(_("Who writes postmortems may suggest terms."))
    form = Form({"names-en": request.GET.get("name", "")[:120]})
    if request.method == "POST":
        form = forms.sent(request.POST)
        why, words = form.values.get("why", ""), forms.texts_in(form)
        try:
            parent = chosen_in(vocabulary, form.values.get("parent", ""))
            curation.suggest_term(vocabulary, by=request.user, parent=parent, why=why, **words)
            messages.success(request, _("Thank you. A curator decides on it."))
            return redirect("suggestions")
        except ValidationError as error:
            form = form.with_errors(error)
    context = {"form": form, "vocabulary": vocabulary, "parents": parents_in(vocabulary)}
    return render_page(request, "curation/suggest.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def suggestion(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One suggestion; curators accept it, as it is or changed, or decline it."""
    rows = TermSuggestion.objects.select_related("vocabulary", "parent", "suggested_by", "term")
    found = rows.filter(pk=pk, **_reach(request.user)).first() if pk < 2**62 else None
    if found is None:
        raise Http404
    form = forms.of_suggestion(found)
    if request.method == "POST":
        form = forms.sent(request.POST)
        try:
            return _decided(request, found, form)
        except ValidationError as error:
            form = form.with_errors(error)
    context = {
        "form": form,
        "suggestion": found,
        "name": found.name_in(translation.get_language() or "en"),
        "vocabulary": found.vocabulary,
        "parents": parents_in(found.vocabulary),
        "may_decide": curation.may_curate(request.user) and not found.outcome,
        "as_of": mark(),
    }
    return render_page(request, "curation/suggestion.html", context)


def _decided(request: AuthenticatedRequest, found: TermSuggestion, form: Form) -> HttpResponse:
    answer = form.values.get("answer", "")
    if form.values.get("decision") != "accept":
        curation.decline_suggestion(found, by=request.user, answer=answer)
        messages.success(request, _("Declined, with your answer."))
        return redirect("suggestions")
    made = curation.accept_suggestion(
        found,
        by=request.user,
        parent=chosen_in(found.vocabulary, form.values.get("parent", "")),
        slug=form.values.get("slug", ""),
        as_of=as_of(request),
        answer=answer,
        **forms.words_in(form),
    )
    messages.success(request, _("Added “%(name)s”.") % {"name": made.name_in("en")})
    return redirect(term_url(found.vocabulary.slug, made.path))


def _reach(user: User) -> dict[str, object]:
    """What of all suggestions the user may see."""
    return {} if curation.may_curate(user) else {"suggested_by": user}
