"""The queue of reviews: what waits for the reader, what they wrote, and everything that is open."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from postmortems.models import Postmortem, ReviewComment, User
from postmortems.reviews import queue
from postmortems.reviews.state import State, states_of
from postmortems.section_names import SectionNames
from postmortems.templatetags.title_tags import title_here
from postmortems.web.read_terms import Badges, badges_of
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.review_words import approvals_words, gaps_of, listed
from postmortems.web.shortcuts import page_of, render_page
from taxonomy import lookup

PAGE_SIZE = 20
TABS = {"": queue.waiting_for, "mine": queue.own, "all": queue.in_review}


@dataclass(frozen=True)
class Row:
    """A review in the queue; `age` counts days, and `blocks` says what keeps it from being published."""

    postmortem: Postmortem
    title: str
    language: str
    badges: Badges
    url: str
    asked_by: str
    reviewers: str
    age: str
    is_draft: bool
    blocks: tuple[str, ...]


@login_required
@require_safe
def reviews(request: AuthenticatedRequest) -> HttpResponse:
    """One page of the queue."""
    tab = request.GET.get("tab", "")
    if tab not in TABS:
        return redirect("reviews")
    found: QuerySet[Postmortem] = TABS[tab](request.user)
    shown, pages = page_of(request, found, PAGE_SIZE)
    rows = _rows(list(shown), request.user)
    context = {"tab": tab, "rows": rows, "pages": pages}
    return render_page(request, "review/queue.html", context)


def _rows(postmortems: list[Postmortem], reader: User) -> list[Row]:
    language, terms = translation.get_language() or "en", lookup.current()
    names = SectionNames(language, terms)
    states = states_of(postmortems, terms)
    talks = _open_threads(postmortems)
    rows = []
    for item in postmortems:
        state = states[item.pk]
        title, title_language = title_here(item)
        review = state.review
        rows.append(
            Row(
                postmortem=item,
                title=title,
                language=title_language,
                badges=badges_of(state.document, terms, language),
                url=queue.url_of(item),
                asked_by=str(review.asked_by) if review else "",
                reviewers=listed(str(named.user) for named in state.reviewers),
                age=_age(state),
                is_draft=item.status == Postmortem.Status.DRAFT,
                blocks=tuple(_blocks(state, names, talks.get(item.pk, 0))),
            )
        )
    return rows


def _age(state: State) -> str:
    """How many days it has been waiting; empty where nobody knows since when."""
    if state.review is None:
        return ""
    days = (timezone.localdate() - timezone.localtime(state.review.asked_at).date()).days
    if days <= 0:
        return _("since today")
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _blocks(state: State, names: SectionNames, talks: int) -> Iterable[str]:
    if state.review and state.postmortem.status == Postmortem.Status.DRAFT:
        if state.review.state == "changes":
            yield _("%(name)s asked for changes") % {"name": state.review.by}
        elif state.review.state == "withdrawn":
            yield _("Taken back by %(name)s") % {"name": state.review.by}
    gaps = [gap.words for gap in gaps_of(state, names)]
    if gaps:
        yield _("Missing: %(parts)s") % {"parts": listed(gaps)}
    if state.left:
        yield approvals_words(state)
    for item in state.void[:1]:
        yield _("Approval of revision %(number)s is void") % {"number": item.revision}
    if talks:
        yield ngettext("%(n)s open comment", "%(n)s open comments", talks) % {"n": talks}


def _open_threads(postmortems: list[Postmortem]) -> dict[int, int]:
    threads = ReviewComment.objects.filter(
        postmortem__in=postmortems, parent=None, resolved_at=None
    )
    counted = threads.values("postmortem").annotate(n=Count("pk")).order_by()
    return dict(counted.values_list("postmortem", "n"))
