"""The vocabularies: all of them, the tree of one, and the page of a term with the postmortems that have it."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.http import require_safe

from postmortems import curation, openings
from postmortems.following import followed_term
from postmortems.gathered import found_of, gathered_of, trend_of
from postmortems.search import search as find
from postmortems.web.read_terms import term_url
from postmortems.web.shortcuts import pages_of, render_page
from postmortems.web.taxonomy_term import term_page_of
from postmortems.web.taxonomy_tree import tree_page_of
from taxonomy import lookup
from taxonomy.lookup import VocabularyInfo

PAGE_SIZE = 20
FILTER_LENGTH = 200


@require_safe
def vocabularies(request: HttpRequest) -> HttpResponse:
    """All vocabularies beside the first one; `?vocabulary=` leads to another."""
    terms = lookup.current()
    chosen = terms.vocabulary(request.GET.get("vocabulary", ""))
    if chosen:
        return redirect("vocabulary", chosen.slug)
    if not terms.vocabularies:
        return render_page(request, "taxonomy/none.html", _rights(request))
    return _tree(request, terms.vocabularies[0])


@require_safe
def vocabulary(request: HttpRequest, slug: str) -> HttpResponse:
    """The tree of one vocabulary, each term with the number of postmortems in its subtree."""
    chosen = lookup.current().vocabulary(slug)
    if chosen is None:
        raise Http404
    return _tree(request, chosen)


def _tree(request: HttpRequest, chosen: VocabularyInfo) -> HttpResponse:
    language = translation.get_language() or "en"
    wanted = request.GET.get("filter", "")[:FILTER_LENGTH].strip()
    results = find("", {}, request.user, page_size=1, language=language)
    page = tree_page_of(chosen, results.terms, results, wanted, language)
    return render_page(request, "taxonomy/vocabulary.html", {"page": page, **_rights(request)})


def _rights(request: HttpRequest) -> dict[str, bool]:
    """What the reader is offered beside reading; others see no word of it."""
    return {
        "may_curate": curation.may_curate(request.user),
        "may_suggest": curation.may_suggest(request.user),
    }


@require_safe
def term(request: HttpRequest, vocabulary: str, path: str) -> HttpResponse:
    """One term; a merged one leads to the term it was merged into, a former address to the present."""
    found = lookup.current().get(vocabulary, path)
    if found is None:
        raise Http404
    if found.path != path:
        return redirect(term_url(vocabulary, found.path))
    language = translation.get_language() or "en"
    results = found_of(
        found,
        request.user,
        page=request.GET.get("page", "1"),
        page_size=PAGE_SIZE,
        language=language,
    )
    # As the search read them: until it has followed a merge, both terms have their own page.
    terms = results.terms
    heir = terms.heir(terms.by_id[found.id])
    if heir.id != found.id:
        query = urlencode({"merged": path}, safe="/")
        return redirect(f"{term_url(vocabulary, heir.path)}?{query}")
    merged = terms.get(vocabulary, request.GET.get("merged", ""))
    is_merged = merged is not None and merged.id != found.id and terms.heir(merged) == heir
    trend = trend_of(heir, results, request.user, language)
    gathered = gathered_of(heir, results, trend, request.user, language)
    context = _rights(request) | {
        "page": term_page_of(heir, results, trend, gathered, language),
        "term": heir,
        "news_marks": openings.marks_of({hit.ref for hit in results.hits}, request.user),
        "followed": followed_term(request.user, heir.id),
        "merged": merged.name(language) if merged and is_merged else "",
        "pages": pages_of(
            request.GET, page=results.page, page_size=results.page_size, count=results.count
        ),
    }
    return render_page(request, "taxonomy/term.html", context)
