"""Following a term or a saved search: the verbs, and what is new in what somebody follows."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

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
MOST_NEWS = 500


@dataclass(frozen=True)
class News:
    """A postmortem that is new in what somebody follows, and in which of it."""

    postmortem: Postmortem
    in_what: tuple[Following, ...]

    @property
    def mark(self) -> str:
        """Whether it is new altogether, or was opened before it changed."""
        return openings.CHANGED if getattr(self.postmortem, "was_opened", False) else openings.NEW


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

    In four statements and one question to the index for each search, whatever there is.
    """
    wanted = followed(user)
    if not wanted:
        return []
    visible = Postmortem.objects.visible_to(user)
    since = min(item.since for item in wanted)
    fresh = openings.news_for(user).filter(pk__in=visible.values("pk"), published_at__gt=since)
    rows = list(fresh.order_by("-published_at", "ref").defer(*HEAVY)[:MOST_NEWS])
    found: dict[int, list[Following]] = {}
    for following, keys in _matches(wanted, rows, user, terms):
        for key in keys:
            found.setdefault(key, []).append(following)
    return [News(row, tuple(found[row.pk])) for row in rows if row.pk in found]


# What no list shows, and what may be long.
HEAVY = ("summary", "sections", "signals", "workarounds", "attachments", "duration")


def _matches(
    wanted: Iterable[Following], rows: list[Postmortem], user: Viewer, terms: Terms
) -> Iterator[tuple[Following, set[int]]]:
    """Each thing followed with the rows that belong to it and were published since."""
    has: dict[int, set[int]] = {}
    uses = Classification.objects.filter(postmortem__in=[row.pk for row in rows])
    for key, term in uses.values_list("postmortem", "term") if rows else ():
        has.setdefault(key, set()).add(term)
    for following in wanted:
        news = {
            row.pk: row for row in rows if row.published_at and row.published_at > following.since
        }
        yield following, _keys_of(following, news, has, user, terms)


def _keys_of(
    following: Following,
    news: Mapping[int, Postmortem],
    has: Mapping[int, set[int]],
    user: Viewer,
    terms: Terms,
) -> set[int]:
    if following.saved_search:
        by_ref = {row.ref: key for key, row in news.items()}
        return {by_ref[ref] for ref in among(following.saved_search.query, set(by_ref), user)}
    term = terms.by_id.get(following.term_id or 0)
    under = terms.ids_under(term) if term else set()
    return {key for key in news if has.get(key, set()) & under}
