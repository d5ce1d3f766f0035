"""What is like a postmortem as rows, with what the reader may say of each pair."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from postmortems import similar_pairs
from postmortems.access import Viewer
from postmortems.document import SAME_DEFECT
from postmortems.models import Dismissal, Postmortem, User
from postmortems.models.postmortem import by_ref
from postmortems.moments import Moment
from postmortems.search.evidence import Link
from postmortems.search.similar import Similar, Why
from postmortems.standing import WRITING, Standing


@dataclass(frozen=True)
class SimilarRow:
    """One postmortem and why it is named. `may_link` and `may_dismiss` say what the reader may press."""

    ref: str
    url: str
    title: str
    language: str
    started: Moment
    why: tuple[Why, ...]
    may_link: bool = False
    may_dismiss: bool = False


@dataclass(frozen=True)
class Just:
    """What the reader has just said of a pair: a sentence, and the address that takes it back."""

    words: str
    undo_url: str


@dataclass(frozen=True)
class SimilarPanel:
    """What stands beside a postmortem; `failed` where it could not be worked out, `later_url` where it
    is asked for when the page is there. `just` is what the reader has just said of a pair."""

    rows: list[SimilarRow]
    failed: bool = False
    later_url: str = ""
    just: Just | None = None


def row_of(item: Similar, *, may_link: bool = False, may_dismiss: bool = False) -> SimilarRow:
    """One of them as it is printed."""
    hit = item.hit
    return SimilarRow(
        ref=hit.ref,
        url=hit.url,
        title=hit.title,
        language=hit.title_language,
        started=hit.moments["started"],
        why=item.why,
        may_link=may_link,
        may_dismiss=may_dismiss,
    )


def rows_of(
    found: Sequence[Similar],
    postmortem: Postmortem,
    viewer: Viewer,
    standing: Standing,
    links: Iterable[Link],
) -> list[SimilarRow]:
    """The rows beside the postmortem, whose `links` both ends give. What is the same defect already
    is neither confirmed nor dismissed."""
    same = {link.ref for link in links if link.kind == SAME_DEFECT}
    open_still = {item.hit.ref for item in found} - same
    linkable = _linkable(open_still, postmortem, viewer, standing)
    is_signed_in = isinstance(viewer, User)
    return [
        row_of(
            item,
            may_link=item.hit.ref in linkable,
            may_dismiss=is_signed_in and item.hit.ref in open_still,
        )
        for item in found
    ]


def _linkable(
    refs: Collection[str], postmortem: Postmortem, viewer: Viewer, standing: Standing
) -> Collection[str]:
    """Those that the reader may link, because one of the two is theirs to edit."""
    if not refs or not standing.writes:
        return ()
    if standing.writes_in(postmortem.team_id):
        return refs
    teams = writing_teams(standing)
    rows = Postmortem.objects.visible_to(viewer).filter(ref__in=refs, team__in=teams)
    return set(rows.values_list("ref", flat=True))


def writing_teams(standing: Standing) -> list[int]:
    """The teams that the reader writes in."""
    return [team for team, role in standing.roles.items() if role in WRITING]


def just_said(postmortem: Postmortem, viewer: Viewer, ref: str) -> Just | None:
    """What stands between the postmortem and the other of that ref, so far as the viewer said it."""
    if not isinstance(viewer, User):
        return None
    other = by_ref(Postmortem.objects.visible_to(viewer).exclude(pk=postmortem.pk), ref)
    if other is None:
        return None
    if Dismissal.objects.of_pair(postmortem, other).filter(by=viewer).exists():
        url = reverse("similar-bring-back", args=[postmortem.ref, other.ref])
        return Just(_("No longer shown as similar."), url)
    if similar_pairs.may_unlink(postmortem, other, by=viewer):
        url = reverse("similar-unlink", args=[postmortem.ref, other.ref])
        return Just(_("Linked as same defect."), url)
    return None
