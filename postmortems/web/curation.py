"""Where curators add and change vocabularies and terms. What touches postmortems shows first what it touches."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from postmortems import curation
from postmortems.curation import Touched
from postmortems.curation.rights import mark
from postmortems.digits import number_in
from postmortems.models import Postmortem
from postmortems.search.selection import readable
from postmortems.web import curation_forms as forms
from postmortems.web import curation_problems as problems
from postmortems.web.curation_forms import Form
from postmortems.web.read_terms import term_url
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import render_page
from taxonomy import lookup
from taxonomy.lookup import TermInfo
from taxonomy.models import Term, Vocabulary

ROOT = "-"
Given = ParamSpec("Given")
View = Callable[Concatenate[AuthenticatedRequest, Given], HttpResponse]


def for_curators(view: View[Given]) -> View[Given]:
    """A page that asks visitors to sign in and refuses everybody but curators."""

    @wraps(view)
    def checked(
        request: AuthenticatedRequest, *args: Given.args, **kwargs: Given.kwargs
    ) -> HttpResponse:
        curation.check_may_curate(request.user)
        return view(request, *args, **kwargs)

    return require_http_methods(["GET", "HEAD", "POST"])(login_required(checked))


# --- Vocabularies -------------------------------------------------------------------------------


@for_curators
def vocabulary_new(request: AuthenticatedRequest) -> HttpResponse:
    """Add a vocabulary."""
    start = Form({"kind": "flat", "facet": "closed", "facet_values": "7"})
    if request.method != "POST":
        return _vocabulary_form(request, start)
    form = forms.sent(request.POST)
    slug = form.values.get("slug", "")
    try:
        made = curation.add_vocabulary(slug, by=request.user, **forms.vocabulary_in(form))
    except ValidationError as error:
        return _vocabulary_form(request, form.with_errors(error, problems.VOCABULARY))
    messages.success(request, _("Added the vocabulary “%(name)s”.") % {"name": _name(made)})
    return redirect("vocabulary", made.slug)


@for_curators
def vocabulary_edit(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Change the names of a vocabulary and how it is used."""
    vocabulary = get_vocabulary(slug)
    if request.method != "POST":
        return _vocabulary_form(request, forms.of_vocabulary(vocabulary), vocabulary)
    form = forms.sent(request.POST)
    try:
        wanted = forms.vocabulary_in(form)
        curation.change_vocabulary(vocabulary, by=request.user, as_of=as_of(request), **wanted)
    except ValidationError as error:
        form = form.with_errors(error, problems.VOCABULARY)
        return _vocabulary_form(request, form, vocabulary)
    messages.success(request, _("Changed “%(name)s”.") % {"name": _name(vocabulary)})
    return redirect("vocabulary", vocabulary.slug)


def _vocabulary_form(
    request: AuthenticatedRequest, form: Form, vocabulary: Vocabulary | None = None
) -> HttpResponse:
    name = _name(vocabulary) if vocabulary else ""
    context = {"form": form, "vocabulary": vocabulary, "name": name, "as_of": mark()}
    return render_page(request, "curation/vocabulary.html", context | forms.choices())


# --- Terms --------------------------------------------------------------------------------------


@for_curators
def term_add(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Add a term; `?below=PATH` says where."""
    vocabulary = get_vocabulary(slug)
    start = Form({"parent": request.GET.get("below", "")})
    form = forms.sent(request.POST) if request.method == "POST" else start
    if request.method == "POST":
        try:
            made = curation.add_term(
                vocabulary,
                by=request.user,
                parent=chosen_in(vocabulary, form.values.get("parent", "")),
                slug=form.values.get("slug", ""),
                **forms.words_in(form),
            )
            messages.success(request, _("Added “%(name)s”.") % {"name": _name(made)})
            return redirect(term_url(slug, made.path))
        except ValidationError as error:
            form = form.with_errors(error)
    context = {"form": form, "vocabulary": vocabulary, "parents": parents_in(vocabulary)}
    return render_page(request, "curation/term.html", context)


@for_curators
def term_edit(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Change what a term is called and means, and its place among its neighbours."""
    term = get_term(slug, pk)
    form = forms.of_term(term)
    if request.method == "POST":
        form = forms.sent(request.POST)
        try:
            place = number_in(form.values.get("place", ""), 0, 20_000)
            words = forms.words_in(form)
            curation.change_term(term, by=request.user, place=place, as_of=as_of(request), **words)
            messages.success(request, _("Changed “%(name)s”.") % {"name": _name(term)})
            return redirect(term_url(slug, term.path))
        except ValidationError as error:
            form = form.with_errors(error)
    context = {"form": form, "vocabulary": term.vocabulary, "term": term, "as_of": mark()}
    context |= {"name": _name(term), "places": _places(term)}
    return render_page(request, "curation/term.html", context)


@for_curators
def term_move(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Hang a term with all below it somewhere else, or change its address."""
    term = get_term(slug, pk)
    given = request.POST if request.method == "POST" else request.GET
    below, fresh = given.get("below", ""), given.get("slug", term.slug).strip()
    parent = term_in(term.vocabulary, below)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            parent = chosen_in(term.vocabulary, below)
            moved = curation.move_term(
                term, parent, by=request.user, slug=fresh, as_of=as_of(request)
            )
            messages.success(request, _("Moved “%(name)s”.") % {"name": _name(moved)})
            return redirect(term_url(slug, moved.path))
        except ValidationError as error:
            errors = problems.at_fields(error)
    touched = curation.preview_move(term, parent, by=request.user, slug=fresh) if below else None
    shown: dict[str, Any] = {"below": below, "slug": fresh, "parent": parent}
    shown |= {"errors": errors, "lines": problems.lines(errors, problems.MOVE)}
    return _asking(request, "curation/move.html", term, touched, shown)


@for_curators
def term_merge(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Let another term stand for this one."""
    term = get_term(slug, pk)
    given = request.POST if request.method == "POST" else request.GET
    target = term_in(term.vocabulary, given.get("target", ""))
    errors: dict[str, str] = {}
    if request.method == "POST" and target:
        try:
            curation.merge_terms(term, target, by=request.user, as_of=as_of(request))
            messages.success(request, _("Merged into “%(name)s”.") % {"name": _name(target)})
            return redirect(term_url(slug, target.path))
        except ValidationError as error:
            errors = problems.at_fields(error)
    touched = curation.preview_merge(term, target, by=request.user) if target else None
    shown = {"target": target, "lines": problems.lines(errors, problems.MERGE)}
    return _asking(request, "curation/merge.html", term, touched, shown)


@for_curators
def term_retire(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Offer a term no longer."""
    term = get_term(slug, pk)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            curation.retire_term(term, by=request.user, as_of=as_of(request))
            messages.success(request, _("Retired “%(name)s”.") % {"name": _name(term)})
            return redirect(term_url(slug, term.path))
        except ValidationError as error:
            errors = problems.at_fields(error)
    touched = curation.preview_retirement(term, by=request.user)
    shown = {"lines": problems.lines(errors, {})}
    return _asking(request, "curation/retire.html", term, touched, shown)


@require_POST
@for_curators
def term_restore(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Offer a retired term again."""
    term = get_term(slug, pk)
    try:
        curation.restore_term(term, by=request.user)
        messages.success(request, _("Restored “%(name)s”.") % {"name": _name(term)})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("term-edit", slug, pk)


def _asking(
    request: AuthenticatedRequest,
    template: str,
    term: Term,
    touched: Touched | None,
    shown: dict[str, Any],
) -> HttpResponse:
    """A page that says what would be touched, and asks for it."""
    # Read before the preview is shown, so that what changes after it is noticed.
    context = {"term": term, "name": _name(term), "touched": touched, "as_of": mark()}
    context |= {"root": ROOT, "touched_url": _search_of(term)}
    parents = parents_in(term.vocabulary, without=term)
    return render_page(request, template, context | {"parents": parents} | shown)


def _search_of(term: Term) -> str:
    """The search that finds what a preview counts: whatever its state, archived ones too."""
    asked = {term.vocabulary.slug: term.path, "status": ",".join(Postmortem.Status.values)}
    return f"{reverse('search')}?{urlencode(asked, safe='/,')}"


# --- What is named in addresses and forms -------------------------------------------------------


def get_vocabulary(slug: str) -> Vocabulary:
    """The vocabulary's row, or Http404."""
    found = Vocabulary.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def get_term(vocabulary: str, pk: int) -> Term:
    """The term's row, or Http404."""
    rows = Term.objects.select_related("vocabulary", "parent", "merged_into")
    found = rows.filter(vocabulary__slug=vocabulary, pk=pk).first() if pk < 2**62 else None
    if found is None:
        raise Http404
    return found


def term_in(vocabulary: Vocabulary, path: str) -> Term | None:
    """The term of that path, with the vocabulary at hand; None where there is none."""
    path = readable(path)
    return vocabulary.terms.select_related("vocabulary").filter(path=path).first()


def chosen_in(vocabulary: Vocabulary, path: str) -> Term | None:
    """The term that a form names, None for none; raises ValidationError for one that is gone."""
    found = term_in(vocabulary, path) if path not in ("", ROOT) else None
    if found is None and path not in ("", ROOT):
        raise ValidationError({"parent": _("That term is not there any more.")})
    return found


def parents_in(vocabulary: Vocabulary, without: Term | None = None) -> list[tuple[str, str]]:
    """Path and name of every term that is offered, but for one with all below it."""
    terms = lookup.current()
    apart = terms.by_id.get(without.pk) if without else None
    left_out = {term.id for term in terms.under(apart)} if apart else set()
    language = translation.get_language() or "en"
    return [
        (term.path, _indented(term, language))
        for term in terms.terms_of(vocabulary.slug)
        if term.id not in left_out
    ]


def _indented(term: TermInfo, language: str) -> str:
    # Wide spaces, because a select swallows plain ones.
    return "\u2003" * term.depth + term.name(language)


def _places(term: Term) -> list[tuple[int, str, bool]]:
    """The places among the neighbours: after which of them."""
    rows = Term.objects.filter(vocabulary=term.vocabulary_id, parent=term.parent_id)
    beside = list(rows.order_by("position", "slug"))
    own = next(place for place, row in enumerate(beside) if row.pk == term.pk)
    others = [row for row in beside if row.pk != term.pk]
    names = [_("First"), *(_("After “%(name)s”") % {"name": _name(row)} for row in others)]
    return [(place, name, place == own) for place, name in enumerate(names)]


def as_of(request: AuthenticatedRequest) -> int | None:
    """The mark that the sent form was made from."""
    return number_in(request.POST.get("as_of", ""), 0, 2**63)


def _name(row: Term | Vocabulary) -> str:
    return row.name_in(translation.get_language() or "en")
