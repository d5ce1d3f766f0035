"""Saved searches as readers need them: the one form of a query, words for it, whose are offered."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from postmortems.models import SavedSearch, User
from postmortems.models.saved_search import LONGEST_QUERY
from postmortems.search import ranking, selection
from postmortems.search.chips import Chips
from postmortems.search.fields import NO_FILTERS, known_fields
from postmortems.search.fields import canonical as canonical_field
from postmortems.search.query import EVERYTHING
from postmortems.search.results import Chip
from postmortems.search.selection import MAX_VALUES, NOTHING, PLAIN, Selection
from taxonomy import lookup
from taxonomy.lookup import Terms

MOST_OFFERED = 300
# Looked at before it is taken apart, which costs time for every part.
LONGEST_ADDRESS = 10 * LONGEST_QUERY
# The ends of a range of years, as the form without script sends them.
FORM_ONLY = ("year_from", "year_to")
ADDRESS = re.compile(r"https?://|/|\?")


def default_for(user: User | AnonymousUser) -> SavedSearch | None:
    """The search that the user marked as their default."""
    if not isinstance(user, User):
        return None
    return SavedSearch.objects.filter(owner=user, is_default=True).first()


def visible_saved(by: User | AnonymousUser) -> list[SavedSearch]:
    """What completion offers of those listed."""
    return list(listed(by)[:MOST_OFFERED])


def listed(by: User | AnonymousUser) -> QuerySet[SavedSearch]:
    """The default first, one's own, then what others share; by name."""
    if not isinstance(by, User):
        return SavedSearch.objects.none()
    own = SavedSearch.objects.filter(owner=by)
    place = Case(
        When(owner=by, is_default=True, then=Value(0)),
        When(owner=by, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    every = own | SavedSearch.objects.shared_with(by)
    return every.order_by(place, Lower("name"), "ref").select_related("owner", "team")


def in_order(found: QuerySet[SavedSearch]) -> QuerySet[SavedSearch]:
    """The same by name, with owner and team at hand."""
    return found.order_by(Lower("name"), "ref").select_related("owner", "team")


def canonical(text: str) -> str:
    """The query string to keep of a search address, or of what stands behind its question mark.

    Page, page size, open facets and the like are left out. Raises ValidationError, keyed `query`, for
    a parameter that no search has, an unknown order, nothing at all, and more than 4,000 characters.
    """
    if len(text) > LONGEST_ADDRESS:
        raise _too_long()
    params = params_of(text)
    kept = _kept(_read(params, _known(params)))
    if kept.cut:
        message = _("“%(name)s” has more than %(most)d values.")
        raise ValidationError({"query": message % {"name": kept.cut[0], "most": MAX_VALUES}})
    if not ranking.chosen(kept.sort, has_text=True)[1]:
        raise ValidationError({"query": _("That order does not exist.")})
    query = _query_of(kept)
    if not query:
        raise ValidationError({"query": _("There is nothing to save: search for something first.")})
    if len(query) > LONGEST_QUERY:
        raise _too_long()
    return query


def tidied(text: str) -> str:
    """The same without complaint: what no search has is left out; empty when nothing is left."""
    params = params_of(text[:LONGEST_ADDRESS])
    return _query_of(_kept(_read(params, known_fields(lookup.current()))))


def params_of(text: str) -> dict[str, list[str]]:
    """A query string as lists by name; of a whole address only what stands behind the mark."""
    text = selection.readable(text).strip()
    if ADDRESS.match(text):
        text = text.partition("?")[2].partition("#")[0]
    params: dict[str, list[str]] = {}
    for name, value in parse_qsl(text):
        params.setdefault(name, []).append(selection.readable(value))
    return params


def words_of(query: str, terms: Terms, language: str) -> tuple[str, list[Chip]]:
    """A stored query for people: its text, and its filters with the names they now have."""
    params = params_of(query)
    chosen = _read(params, known_fields(terms))
    made = Chips(terms, chosen, EVERYTHING, (), "", language)
    return chosen.plain.get("q", ("",))[0], list(made.all())


def _known(params: Mapping[str, list[str]]) -> frozenset[str]:
    """All fields; raises ValidationError when a parameter is neither one nor a part of the page."""
    known = known_fields(lookup.current())
    strange = [name for name in params if not _is_known(name, known)]
    if strange:
        message = _("“%(name)s” is no parameter of a search.") % {"name": strange[0][:60]}
        raise ValidationError({"query": message})
    return known


def _is_known(name: str, known: frozenset[str]) -> bool:
    return name in PLAIN or name in FORM_ONLY or canonical_field(name.lower()) in known - NO_FILTERS


def _read(params: Mapping[str, list[str]], known: frozenset[str]) -> Selection:
    text = params.get("q", [""])[-1].strip()
    return selection.read(params, text, known - NO_FILTERS)


def _too_long() -> ValidationError:
    message = _("A saved search holds at most %(most)d characters.") % {"most": LONGEST_QUERY}
    return ValidationError({"query": message})


def _kept(chosen: Selection) -> Selection:
    """Only what decides which postmortems are found, and in which order."""
    return replace(chosen, plain=dict(_plain(chosen)))


def _plain(chosen: Selection) -> Iterator[tuple[str, tuple[str, ...]]]:
    if chosen.text:
        yield "q", (chosen.text,)
    if chosen.sort:
        yield "sort", (chosen.sort,)


def _query_of(chosen: Selection) -> str:
    return chosen.url("", "", NOTHING).removeprefix("?")
