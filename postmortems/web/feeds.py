"""Any search as an Atom feed (RFC 4287): the visitor's view, or a person's by a key in the address."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import wraps
from uuid import UUID, uuid5

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.http import http_date, quote_etag
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from postmortems import content, feed_secrets
from postmortems.access import Viewer
from postmortems.models import FeedSecret, Postmortem
from postmortems.models.saved_search import SHOWN_OF_SECRET
from postmortems.near_misses import VOCABULARY as KIND
from postmortems.near_misses import is_near_miss
from postmortems.rendering import Rendered
from postmortems.search import Hit, Results, chips
from postmortems.search import search as find
from postmortems.templatetags.title_tags import summary_here
from postmortems.web.addresses import absolute, query_of
from postmortems.web.context import LANGUAGE_TAGS
from postmortems.web.search_rows import severity_words
from taxonomy.lookup import TermInfo, Terms

MOST_ENTRIES = 50
LONGEST_SUMMARY = 4_000
FACTS = ("severity", "cause", "trigger")
CAUSES_SHOWN = 3
# Everything's own number: an entry keeps its id when the site moves to another address.
ENTRIES = UUID("6f0d9a52-5c0f-4b3e-9f6e-0c2b9d6f7a41")
FEEDS = UUID("c1f6f3c8-1f53-4c0f-8a52-2a4e0fd0b7d3")
# When a feed without entries was last updated; now would make every answer a new one.
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
# What XML cannot hold, in whatever form it is written.
UNSENDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

View = Callable[..., HttpResponseBase]


class SearchFeed(Atom1Feed):
    """Atom with the language of each entry."""

    def item_attributes(self, item: dict[str, object]) -> dict[str, str]:
        """What stands on the entry's element."""
        return {"xml:lang": str(item["language"])}

    def latest_post_date(self) -> datetime:
        """When anything in it last changed; never now, so that equal feeds are equal bytes."""
        return max((item["updateddate"] for item in self.items), default=BEGINNING)


def without_secret(view: View) -> View:
    """Take the key out of the request's path once it is read: whatever logs a path logs no key."""

    @wraps(view)
    def guarded(request: HttpRequest, secret: str) -> HttpResponseBase:
        shown = f"{secret[:SHOWN_OF_SECRET]}…"
        request.path = request.path_info = reverse("feed-private", kwargs={"secret": shown})
        return view(request, secret)

    return guarded


@require_safe
def feed_search(request: HttpRequest) -> HttpResponseBase:
    """The feed of a search as a visitor sees it, whoever asks: feed readers have no session."""
    return _answer(request, AnonymousUser())


@without_secret
@require_safe
def feed_private(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The feed of a search as the owner of the key sees it; a key that ended never was."""
    key = FeedSecret.objects.find(secret)
    if key is None:
        raise Http404
    feed_secrets.note_use(key)
    return _answer(request, key.user, key)


def _answer(request: HttpRequest, by: Viewer, key: FeedSecret | None = None) -> HttpResponseBase:
    language = translation.get_language() or "en"
    params = {**dict(request.GET.lists()), "sort": ["updated"]}
    results = find(request.GET.get("q", ""), params, by, page_size=MOST_ENTRIES, language=language)
    feed = _feed(request, results, language, key)
    rows = _rows_of(results.hits, by)
    rendered = content.rendered(text for _hit, row in rows for text in [summary_here(row).words])
    for hit, row in rows:
        summary = _facts(hit, results.terms, language) + _summary(row, rendered)
        _add(feed, request, hit, row, summary)
    response = HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
    patch_cache_control(response, private=True, no_cache=True)
    # From the reader's window no address may travel on: this one may be a key.
    response["Referrer-Policy"] = "no-referrer"
    return _unless_known(request, response, feed.latest_post_date())


def _unless_known(
    request: HttpRequest, response: HttpResponse, updated: datetime
) -> HttpResponseBase:
    """304 when the reader has exactly this already."""
    response["ETag"] = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    seconds = int(updated.timestamp())
    response["Last-Modified"] = http_date(seconds)
    known = get_conditional_response(request, response["ETag"], seconds, response)
    return known if known is not None else response


def _feed(
    request: HttpRequest, results: Results, language: str, key: FeedSecret | None
) -> SearchFeed:
    query = query_of(request, without=("sort",))
    address = reverse("search") + (f"?{query}" if query else "")
    whole = absolute(request, reverse("feed-search") + (f"?{query}" if query else ""))
    return SearchFeed(
        title=sendable(_title(results)),
        link=absolute(request, address),
        description=None,
        subtitle=_("Postmortems, the last changed first"),
        language=_tag(language),
        author_name="Hindsight",
        # A copy of a private feed must not hold the key to it.
        feed_url=None if key else whole,
        feed_guid=uuid5(FEEDS, f"{whole} {key.prefix if key else ''}").urn,
    )


def _title(results: Results) -> str:
    filters = [chips.words_of(chip) for chip in results.chips if not chip.from_query]
    asked = " · ".join(filter(None, [results.text, *filters]))
    return f"Hindsight: {asked}" if asked else "Hindsight"


def _rows_of(found: Iterable[Hit], by: Viewer) -> list[tuple[Hit, Postmortem]]:
    """The hits with their rows, as far as the database still lets them be seen, the last changed first."""
    hits = {hit.ref: hit for hit in found}
    rows = Postmortem.objects.visible_to(by).filter(ref__in=hits).select_related("team")
    # Again, because the index orders by the minute.
    return [(hits[row.ref], row) for row in rows.order_by("-updated_at", "ref")]


def _add(
    feed: SearchFeed, request: HttpRequest, hit: Hit, row: Postmortem, summary: SafeString
) -> None:
    feed.add_item(
        title=sendable(hit.title),
        link=absolute(request, hit.url),
        description=sendable(summary),
        author_name=sendable(row.team.name),
        pubdate=row.published_at,
        updateddate=row.updated_at,
        unique_id=uuid5(ENTRIES, hit.ref).urn,
        categories=[f"{slug}:{path}" for slug in FACTS for path in hit.terms.get(slug, [])],
        language=_tag(hit.title_language),
    )


def _facts(hit: Hit, terms: Terms, language: str) -> SafeString:
    """Severity, the first root causes and the trigger by name, in the reader's language."""
    asked = {**hit.terms, "cause": hit.root_causes[:CAUSES_SHOWN]}
    found = (terms.get(slug, path) for slug in FACTS for path in asked.get(slug, ()))
    near_miss = is_near_miss(hit.terms.get(KIND, ()), terms)
    names = " · ".join(_name(term, language, near_miss=near_miss) for term in found if term)
    return format_html('<p lang="{}">{}</p>', _tag(language), names) if names else SafeString("")


def _name(term: TermInfo, language: str, *, near_miss: bool) -> str:
    if term.vocabulary == "severity":
        return severity_words(term, language, near_miss=near_miss)
    return term.name(language)


def _summary(row: Postmortem, rendered: Mapping[str, Rendered]) -> SafeString:
    """The summary in the reader's language or its nearest; a very long one cut, as plain text."""
    text, language = summary_here(row)
    made = rendered.get(text)
    if made is None:
        return SafeString("")
    # The HTML is the read page's: cleaned when it was made.
    is_short = len(made.html) <= LONGEST_SUMMARY
    shown = mark_safe(made.html) if is_short else f"{made.plain[: LONGEST_SUMMARY - 1]}…"
    return format_html('<div lang="{}">{}</div>', _tag(language), shown)


def _tag(language: str) -> str:
    return LANGUAGE_TAGS.get(language, language)


def sendable(text: str) -> str:
    """The text without the characters that no XML can hold."""
    return UNSENDABLE.sub(" ", text)
