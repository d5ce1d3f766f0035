"""The page of a known problem: all that is known of one defect, from every time it occurred."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from postmortems.known_problems import known_problem
from postmortems.standing import standing_of
from postmortems.web.known_page import known_page_of
from postmortems.web.read_source import beside_actions
from postmortems.web.shortcuts import get_visible, render_page
from taxonomy import lookup


@require_safe
def known(request: HttpRequest, ref: str) -> HttpResponse:
    """The defect of one postmortem: its occurrences that the reader may see, and what they say."""
    postmortem = get_visible(request.user, ref)
    language = translation.get_language() or "en"
    problem = known_problem(postmortem, request.user)
    beside = beside_actions({item.postmortem.pk: item.document for item in problem.occurrences})
    page = known_page_of(
        problem, postmortem, lookup.current(), language, now=timezone.now(), beside=beside
    )
    title, title_language = postmortem.title_in(language)
    context = {
        "postmortem": postmortem,
        "title": title,
        "title_language": title_language,
        "page": page,
        "may_write": standing_of(request.user).writes,
    }
    return render_page(request, "known/page.html", context)
