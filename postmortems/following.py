"""Following a term or a saved search: the verbs, and what is new in what somebody follows."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems import audit, openings, outbox
from postmortems.access import Viewer
from postmortems.models import Classification, Following, Postmortem, SavedSearch, User
from postmortems.search.among import among
from taxonomy.lookup import Terms
from taxonomy.models import Term

MOST_FOLLOWED = 200
# Of what is new the latest so many are looked through; nobody reads more before coming back.
MOST_NEWS = 200


@dataclass(frozen=True, slots=True)
class News:
    """A postmortem that is new, by number and ref, and in what of that which is followed; `mark` says
    whether it is new altogether or was opened before it changed."""

    key: int
    ref: str
    published_at: datetime
    mark: str
    in_what: tuple[Following, ...] = ()


def follow_term(term: Term, *, by: User) -> Following:
    """Hear of what is published with the term or one below it; who follows it already goes on so."""
    return _follow(by, term=term)


def follow_search(saved: SavedSearch, *, by: User) -> Following:
    """Hear of what is published and found by a search that one sees."""
    if not SavedSearch.objects.visible_to(by).filter(pk=saved.pk).exists():
        raise PermissionDenied(_("This search is not shared with you."))
    return _follow(by, saved_search=saved)


def stop(following: Following, *, by: User) -> None:
    """Hear of it no more. Raises PermissionDenied for what another person follows."""
    if following.user_id != by.pk:
        raise PermissionDenied(_("You stop following only what you follow yourself."))
    with outbox.writing():
        if Following.objects.filter(pk=following.pk).delete()[0]:
            audit.record("stop-following", by, by=by, before=_told(following))


def _follow(user: User, **what: Term | SavedSearch) -> Following:
    with outbox.writing():
        present = Following.objects.filter(user=user, **what).first()
        if present:
            return present
        if Following.objects.filter(user=user).count() >= MOST_FOLLOWED:
            message = _("You follow %(most)d already; stop following something first.")
            raise ValidationError({"follow": message % {"most": MOST_FOLLOWED}})
        made = Following.objects.create(user=user, since=timezone.now(), **what)
        audit.record("follow", user, by=user, after=_told(made))
    return made


def _told(following: Following) -> dict[str, str]:
    """What the audit log holds: not what it is that somebody is curious about."""
    return {"what": "term" if following.term_id else "saved-search"}


def followed(user: Viewer) -> list[Following]:
    """What the user follows, the first followed first."""
    return list(Following.objects.of(user))


def followed_term(user: Viewer, term_id: int) -> Following | None:
    """The user's following of exactly that term."""
    return Following.objects.of(user).filter(term=term_id).first()


def followed_searches(user: User, keys: Collection[int]) -> dict[int, int]:
    """Of these saved searches those that the user follows, each with the number of the following."""
    own = Following.objects.filter(user=user, saved_search__in=keys)
    return dict(own.values_list("saved_search", "pk"))


def followers_of(postmortem: Postmortem, terms: Terms) -> set[int]:
    """Who follows a term that the postmortem has, or one above it."""
    uses = Classification.objects.filter(postmortem=postmortem).values_list("term", flat=True)
    with_those_above: set[int] = set()
    for key in uses:
        if (term := terms.by_id.get(key)) is not None:
            heir = terms.heir(term)
            with_those_above |= {key, *(item.id for item in terms.ancestors(heir))}
    merged = (item.id for item in terms.by_id.values() if terms.heir(item).id in with_those_above)
    asked = Following.objects.filter(term__in=with_those_above.union(merged))
    return set(asked.values_list("user", flat=True))


def news_of(user: Viewer, terms: Terms) -> list[News]:
    """What was published in what the user follows since they follow it and is new to them, the latest first.

    In four statements, and one question to the index for each search, whatever there is.
    """
    wanted = followed(user)
    if not wanted:
        return []
    rows = news_anywhere(user, since=min(item.since for item in wanted))
    found: dict[int, list[Following]] = {}
    for following, keys in _matches(wanted, rows, user, terms):
        for key in keys:
            found.setdefault(key, []).append(following)
    return [replace(row, in_what=tuple(found[row.key])) for row in rows if row.key in found]


def news_anywhere(user: Viewer, *, since: datetime | None = None) -> list[News]:
    """What is new of all that the user may see, the latest first; at most MOST_NEWS."""
    fresh = openings.news_for(user).visible_to(user)
    if since is not None:
        fresh = fresh.filter(published_at__gt=since)
    rows = fresh.order_by("-published_at", "ref").only("ref", "published_at")[:MOST_NEWS]
    return [
        News(row.pk, row.ref, row.published_at, openings.mark_of(row))
        for row in rows
        if row.published_at
    ]


def _matches(
    wanted: Iterable[Following], rows: list[News], user: Viewer, terms: Terms
) -> Iterator[tuple[Following, set[int]]]:
    """Each thing followed with what of the rows belongs to it and was published since."""
    has: dict[int, set[int]] = {}
    uses = Classification.objects.filter(postmortem__in=[row.key for row in rows])
    for key, used in uses.values_list("postmortem", "term") if rows else ():
        has.setdefault(key, set()).add(used)
    for following in wanted:
        since = {row.ref: row.key for row in rows if row.published_at > following.since}
        if following.saved_search:
            refs = among(following.saved_search.query, set(since), user)
            yield following, {since[ref] for ref in refs}
        elif (term := terms.by_id.get(following.term_id or 0)) is not None:
            under = terms.ids_under(term)
            yield following, {key for key in since.values() if has.get(key, set()) & under}
