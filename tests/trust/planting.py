"""Stores texts in every place where text is shown, through the verbs, and names the pages that show it."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from urllib.parse import quote, urlencode

from django.core.exceptions import ValidationError
from django.urls import reverse

from postmortems import (
    authoring,
    body_templates,
    curation,
    drafts,
    feed_secrets,
    saved_searches,
)
from postmortems import bin as bins
from postmortems import document as shape
from postmortems.document import Document
from postmortems.document_rules import LINES, clean
from postmortems.exchange import importing
from postmortems.exchange.exporting import export_for
from postmortems.models import Postmortem, Team, User
from taxonomy.models import Vocabulary
from tests import makers

NAME_LENGTH = 120
CAUSES = ("network/dns", "network/cni-routing", "platform/host/kernel-bug", "time")
OF_ONE = (
    *("postmortem-print", "postmortem-history", "postmortem-edit", "postmortem-duplicate"),
    *("postmortem-archive", "postmortem-bin", "postmortem-again", "postmortem-similar"),
    "postmortem-known",
)
MOST_SUGGESTED, MOST_SECTIONS = 50, 30


def line(text: str, length: int = 200) -> str:
    """The text as a field of one line holds it."""
    return clean(" ".join(clean(text).split())[:length])


def plant(payloads: Sequence[str], by: User, team: Team) -> list[str]:
    """Store all of them everywhere; the addresses of the pages on which they stand, for `by`."""
    plant_terms(payloads, by)
    made = plant_postmortem(payloads, by, team)
    titled = [plant_title(text, by, team) for text in payloads]
    return [
        *pages_of(made),
        *pages_of_import(made, team, by),
        *pages_of_titles(titled, by),
        *pages_of_terms(),
        *pages_of_suggestions(payloads, by),
        *pages_of_templates(payloads, by),
        *pages_of_person(payloads, by),
        "/audit/",
    ]


# --- Postmortems --------------------------------------------------------------------------------


def document_of(payloads: Sequence[str]) -> Document:
    """A Document with each of them in each of its parts."""
    texts = [text for text in map(clean, payloads) if text]
    lines = list(dict.fromkeys(line(text) for text in texts if line(text)))
    return makers.make_document(
        line(texts[0], shape.TITLE_LENGTH),
        summary="\n\n".join(texts),
        sections={f"part-{number}": text for number, text in enumerate(texts)}
        | dict(zip(shape.SECTIONS, texts, strict=False)),
        translations={"zh-hans": shape.Translation(lines[-1], texts[-1])},
        **dict(_lists(texts, lines)),
    )


def _lists(texts: Sequence[str], lines: Sequence[str]) -> Iterator[tuple[str, object]]:
    """The parts of a Document that are lists."""
    kinds = ("trigger", "detect", "action", "learn")
    last = len(lines) - 1
    yield "signals", tuple(shape.Signal(f"s{n}", text) for n, text in enumerate(texts))
    yield "workarounds", tuple(shape.Workaround(f"w{n}", text) for n, text in enumerate(texts))
    yield (
        "timeline",
        tuple(
            shape.TimelineEntry(f"t{n}", kinds[n % 4], text, source=lines[min(n, last)])
            for n, text in enumerate(texts)
        ),
    )
    yield (
        "hypotheses",
        tuple(
            shape.Hypothesis(
                f"h{n}",
                text,
                holder=lines[min(n, last)],
                verdict="confirmed",
                reason=text,
                evidence=(shape.Evidence("e1", text, source=lines[min(n, last)]),),
            )
            for n, text in enumerate(texts)
        ),
    )
    yield "lessons", tuple(shape.Lesson(f"l{n}", text, lines[0]) for n, text in enumerate(texts))
    yield (
        "actions",
        tuple(
            shape.Action(f"a{n}", text, owner=lines[min(n, last)], tracker=lines[min(n, last)])
            for n, text in enumerate(texts)
        ),
    )
    yield (
        "references",
        tuple(
            shape.Reference(
                f"r{n}", text, url=address, label=text[: LINES.get("label", 40)].strip()
            )
            for n, (text, address) in enumerate(zip(lines, map(address_of, lines), strict=True))
        ),
    )


def address_of(text: str) -> str:
    """An address that the rules let through with as much of the text in it as can stand there."""
    return f"https://inside.example/{''.join(text.split())}"


def plant_postmortem(payloads: Sequence[str], by: User, team: Team) -> Postmortem:
    """One postmortem that holds them all, published, with a second revision and a third."""
    file_id = "f1fe" * 5
    makers.keep_file(by, file_id)
    document = replace(
        document_of(payloads),
        classifications=(
            *(
                shape.Classification("cause", term, "contributing", text, "person")
                for term, text in zip(CAUSES, map(line, payloads), strict=False)
            ),
            shape.Classification("payload", "planted", why=line(payloads[0])),
            shape.Classification("severity", "sev3"),
            shape.Classification("kind", "outage"),
        ),
        attachments=(shape.Attachment(file_id, line(payloads[0])),),
    )
    made = makers.make_postmortem(document, team=team, authors=(by,))
    other = makers.make_postmortem(team=team, authors=(by,))
    for number, text in enumerate(payloads):
        related = shape.Relation("similar-pattern", other.ref, clean(text))
        changed = replace(document, summary=clean(text) + f"\n\n{number}", relations=(related,))
        if number < 2:
            made = authoring.edit(made, changed, by=by, revision=made.revision, comment=line(text))
    return made


def pages_of(made: Postmortem) -> list[str]:
    """What shows one postmortem."""
    history = f"/p/{made.ref}/history/"
    return [
        made.get_absolute_url(),
        *(reverse(name, args=[made.ref]) for name in OF_ONE),
        *(f"{history}1..2/", f"{history}1..3/?view=side", f"{history}1/", f"{history}1/restore/"),
        f"/drafts/relatives/?q={made.ref}",
    ]


def pages_of_import(made: Postmortem, team: Team, by: User) -> list[str]:
    """The same, written out as a file and brought in again."""
    text = export_for(made, by).replace(made.ref, "brought-in")
    report = importing.import_files(
        [("planted.md", text.encode())], by=User.objects.system(), team=makers.make_team("other")
    )
    brought = Postmortem.objects.get(ref=report.rows[0].ref)
    return [brought.get_absolute_url(), f"/p/{brought.ref}/edit/"]


def plant_title(text: str, by: User, team: Team) -> Postmortem:
    """A small one with nothing but the text: as its title, and where lists show a part of it."""
    document = makers.make_document(
        line(text, shape.TITLE_LENGTH),
        terms=("kind:stub", "payload:planted"),
        summary=f"planted {clean(text)}",
        signals=(shape.Signal("s1", f"planted {clean(text)}"),),
    )
    return makers.make_postmortem(document, team=team, authors=(by,))


def pages_of_titles(made: Sequence[Postmortem], by: User) -> list[str]:
    """The lists on which many stand."""
    bins.throw_away(made[0], by=User.objects.system())
    pages = range(1, len(made) // 20 + 2)
    return [
        "/",
        *(f"/?q=planted&page={page}" for page in pages),
        *(f"/?q=in:signals+planted&page={page}" for page in pages),
        f"/p/{made[-1].ref}/similar/",
        made[-1].get_absolute_url(),
        *("/bin/", f"/bin/{made[0].ref}/restore/", f"/bin/{made[0].ref}/purge/"),
        *("/feeds/search.atom?q=planted", "/api/v1/search/?q=planted", "/export/?q=planted"),
    ]


# --- Vocabularies, templates, what is one's own --------------------------------------------------


def plant_terms(payloads: Sequence[str], by: User) -> None:
    """A vocabulary whose name, help and terms say them."""
    shown = [line(text, NAME_LENGTH) for text in payloads]
    made = curation.add_vocabulary(
        "payload", by=by, names={"en": shown[0]}, help={"en": shown[-1]}, many=True, facet="open"
    )
    curation.add_term(made, by=by, slug="planted", names={"en": "Planted", "zh-hans": shown[0]})
    for number, (text, name) in enumerate(zip(payloads, shown, strict=True)):
        words = {"names": {"en": name}, "definitions": {"en": line(text, 500)}}
        # Two names may be one to the vocabulary, and an alias must not repeat a name.
        with suppress(ValidationError):
            curation.add_term(
                made, by=by, slug=f"term-{number}", **words, aliases=[f"{name[:100]} {number}"]
            )


def pages_of_terms() -> list[str]:
    """Where vocabularies and terms are shown and changed."""
    vocabulary = Vocabulary.objects.get(slug="payload")
    term = vocabulary.terms.exclude(slug="planted").order_by("pk")[0]
    at = f"/taxonomy/payload/term/{term.pk}"
    return [
        *("/taxonomy/", "/taxonomy/payload/", "/taxonomy/payload/edit/", "/taxonomy/payload/add/"),
        *(f"/taxonomy/payload/{term.path}/", "/taxonomy/payload/planted/", f"{at}/edit/"),
        *(f"{at}/move/", f"{at}/merge/?target=planted", f"{at}/retire/"),
        *("/?payload=planted", "/api/v1/suggest/?q=payload:", "/taxonomy/payload/suggest/"),
    ]


def pages_of_suggestions(payloads: Sequence[str], by: User) -> list[str]:
    """Suggested terms, and one of them."""
    vocabulary = Vocabulary.objects.get(slug="cause")
    made = None
    for text in payloads[:MOST_SUGGESTED]:
        with suppress(ValidationError):
            made = curation.suggest_term(
                vocabulary, {"en": line(text, NAME_LENGTH)}, by=by, why=line(text, 500)
            )
    declined = curation.decline_suggestion(made, by=by, answer=line(payloads[0], 500))
    return ["/taxonomy/suggestions/", f"/taxonomy/suggestions/{declined.pk}/"]


def pages_of_templates(payloads: Sequence[str], by: User) -> list[str]:
    """A body template that says them, and the editor that asks by it."""
    sections = [
        {
            "key": f"part-{number}",
            "names": {"en": line(text, NAME_LENGTH)},
            "prompts": {"en": line(text, 500)},
            "is_open": True,
        }
        for number, text in enumerate(payloads[:MOST_SECTIONS])
    ]
    body_templates.add("planted", by=by, names={"en": line(payloads[0], 100)}, sections=sections)
    at = "/settings/templates/"
    return [at, f"{at}planted/", f"{at}planted/remove/", "/p/new/?template=planted"]


def pages_of_person(payloads: Sequence[str], by: User) -> list[str]:
    """Saved searches, feed keys and a draft of somebody's own."""
    for text in payloads:
        name = line(text, 100)
        with suppress(ValidationError):
            saved_searches.create(name, f"q={name}", by=by, shared="site")
    for text in payloads[:10]:
        with suppress(ValidationError):
            feed_secrets.create(line(text, 50), by=by)
    fields = {name: clean(text) for name, text in zip(FIELDS, payloads, strict=False)}
    drafts.keep("planted-draft", fields, by=by)
    pages = range(1, len(payloads) // 20 + 2)
    return [
        *(f"/saved/?page={page}" for page in pages),
        *("/saved/feeds/", "/p/new/", "/p/new/?draft=planted-draft"),
    ]


FIELDS = (
    *("title", "summary", "language", "visibility", "started", "resolved", "duration"),
    *("sections.impact", "sections.what-happened", "timeline.0.text", "timeline.0.when"),
    *("signals.0.text", "workarounds.0.text", "hypotheses.0.claim", "lessons.0.text"),
    *("actions.0.text", "references.0.title", "references.0.url", "relations.0.target"),
    *("classifications.cause.0.term", "classifications.cause.0.why", "attachments.0.name"),
)


def pages_that_echo(payloads: Sequence[str]) -> list[str]:
    """Addresses whose own words are said again; one holds several."""
    text = " ".join(line(text, 60) for text in payloads[:4])
    one, slashless = line(payloads[-1], 100), line(payloads[-1], 60).replace("/", " ")
    return [
        "/?" + urlencode({"q": text, "cause": one, "sort": one, "page": one}),
        "/?" + urlencode({"q": f"cause:{one}", "started": one, "team": one}),
        "/saved/new/?" + urlencode({"q": one}),
        "/sign-in/?" + urlencode({"next": one}),
        "/taxonomy/cause/suggest/?" + urlencode({"name": one}),
        "/audit/?" + urlencode({"who": one, "since": one, "object": one}),
        "/help/?" + urlencode({"q": one}),
        f"/nothing/{quote(slashless)}/",
        f"/taxonomy/cause/{quote(slashless)}/",
    ]
