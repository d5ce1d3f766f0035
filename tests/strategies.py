"""Hypothesis strategies: valid moments, durations and whole Documents, for every round trip."""

from datetime import date
from types import MappingProxyType

from hypothesis import strategies as st

from postmortems import document as shape
from postmortems import durations, moments
from postmortems.document import Document
from postmortems.document_json import clean
from postmortems.durations import Duration
from postmortems.moments import Moment

ZONES = ("UTC", "GMT", "EST", "Europe/London", "America/Argentina/Buenos_Aires", "Etc/GMT+8")
OFFSETS = ("+00:00", "-05:00", "+05:45", "+14:00", "-00:30")

# Pieces that formats are known to trip over; whole texts are joined from a few of them.
PIECES = (
    "pod",
    "the API server",
    "叢集",
    "集群：网络（DNS）",
    "👨‍👩‍👧",
    "é",
    "\u202eabc",
    '"quoted"',
    "it's",
    "a: b",
    "- item",
    "# heading",
    "## heading",
    "\\## heading",
    "---",
    "...",
    "{x: [1, 2]}",
    "*em* `code`",
    "yes",
    "null",
    "~",
    "0x1F",
    "2023-03-14",
    "1e3",
    "%",
    "@",
    "&anchor",
    "!tag",
    "|",
    ">",
    "\\n",
    "\u2028",
    "trailing \\",
    "?",
    "((a))",
    "tab\there",
)
LINE_PIECES = tuple(piece for piece in PIECES if not set(piece) & set("\u2028\t"))


def _joined(pieces: tuple[str, ...], *, by: tuple[str, ...], most: int) -> st.SearchStrategy[str]:
    words = st.lists(st.sampled_from(pieces), min_size=1, max_size=most)
    return st.builds(lambda parts, glue: clean(glue.join(parts)), words, st.sampled_from(by))


def lines() -> st.SearchStrategy[str]:
    """One clean line, not empty."""
    return _joined(LINE_PIECES, by=(" ", ""), most=3)


def paragraphs() -> st.SearchStrategy[str]:
    """Clean text of several lines, not empty."""
    pieces = (*PIECES, "    indented", "```\ncode\n```")
    return _joined(pieces, by=(" ", "\n", "\n\n"), most=5).filter(bool)


def slugs() -> st.SearchStrategy[str]:
    """Words as vocabularies, terms and section keys are named."""
    return st.sampled_from(("cause", "network-dns", "x1", "what-else", "no", "0"))


def stated_durations() -> st.SearchStrategy[Duration]:
    """Valid durations."""
    seconds = st.integers(0, durations.LONGEST) | st.sampled_from((0, 59, 60, 3600, 18840, 86400))
    return st.builds(Duration, seconds, st.sampled_from(durations.KINDS))


@st.composite
def valid_moments(draw: st.DrawFn, entries: tuple[str, ...] = ("t1", "T-2.x_y")) -> Moment:
    """Valid moments; relative ones are after one of the entries."""
    day = draw(st.just("") | _dates())
    full = len(day) in (0, len("2023-03-14"))
    time = draw(st.just("") | _times()) if full else ""
    zone = draw(st.sampled_from(("", *ZONES, *OFFSETS))) if time else ""
    after = draw(st.sampled_from(("", *entries)))
    minutes = draw(st.none() | _minutes()) if after else None
    is_timed = bool(day or time)
    return Moment(
        date=day,
        time=time,
        zone=zone,
        approximate=draw(st.booleans()) if is_timed or after else False,
        bound=draw(st.sampled_from(moments.BOUNDS)) if is_timed or minutes is not None else "",
        after=after,
        minutes=minutes,
        text=draw(st.just("") | lines()),
    )


def _dates() -> st.SearchStrategy[str]:
    day = st.dates(
        min_value=date(moments.YEARS[0], 1, 1), max_value=date(moments.YEARS[-1], 12, 31)
    )
    return st.builds(lambda value, size: value.isoformat()[:size], day, st.sampled_from((4, 7, 10)))


def _times() -> st.SearchStrategy[str]:
    return st.builds(
        lambda value, size: value.strftime("%H:%M:%S")[:size],
        st.times(),
        st.sampled_from((2, 5, 8)),
    )


def _minutes() -> st.SearchStrategy[int]:
    common = st.sampled_from((0, 1, -1, 60, -60, 90, 1440, -20160))
    return common | st.integers(-moments.MINUTES, moments.MINUTES)


def _optional(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.just("") | strategy


ADDRESSES = st.sampled_from(("", "https://example.com/a?b=c#d", "http://例子.测试/路径"))
LINES = _optional(lines())


def _listed(kind, prefix: str, /, **fields: st.SearchStrategy) -> st.SearchStrategy[tuple]:
    """Up to two items of a kind, with the ids `prefix1` and `prefix2`."""
    items = [st.builds(kind, id=st.just(f"{prefix}{number}"), **fields) for number in (1, 2)]
    return st.just(()) | st.tuples(items[0]) | st.tuples(*items)


def _choice(values: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.sampled_from(values)


def _unique(items: st.SearchStrategy, *names: str) -> st.SearchStrategy[tuple]:
    def key(item) -> tuple:
        return tuple(getattr(item, name) for name in names)

    return st.lists(items, max_size=2, unique_by=key).map(tuple)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Valid Documents with every part, some of them empty."""
    timeline = draw(_timeline())
    when = valid_moments(entries=tuple(entry.id for entry in timeline))
    language = draw(_choice(shape.LANGUAGES))
    others = tuple(name for name in shape.LANGUAGES if name != language)
    parts = {name: draw(strategy) for name, strategy in PARTS.items()}
    return Document(
        title=draw(lines()),
        summary=draw(_optional(paragraphs())),
        language=language,
        translations=MappingProxyType(draw(st.dictionaries(_choice(others), TRANSLATIONS))),
        **{name: draw(when) for name in shape.MOMENTS},
        duration=draw(st.none() | stated_durations()),
        sections=MappingProxyType(draw(st.dictionaries(SECTION_KEYS, paragraphs(), max_size=3))),
        timeline=timeline,
        **parts,
    )


@st.composite
def _timeline(draw: st.DrawFn) -> tuple[shape.TimelineEntry, ...]:
    ids = ("t1", "t2", "t-3.x")[: draw(st.integers(0, 3))]
    when = valid_moments(entries=ids)
    kinds = _choice(shape.ENTRY_KINDS)
    return tuple(
        shape.TimelineEntry(name, draw(kinds), draw(paragraphs()), draw(when), draw(LINES))
        for name in ids
    )


SECTION_KEYS = _choice((*shape.SECTIONS, "customer-impact"))
TRANSLATIONS = st.builds(shape.Translation, lines(), _optional(paragraphs()))
EVIDENCE = _listed(shape.Evidence, "e", text=paragraphs(), supports=st.booleans(), source=LINES)
PARTS = {
    "signals": _listed(shape.Signal, "s", text=paragraphs(), kind=_choice(shape.SIGNAL_KINDS)),
    "workarounds": _listed(
        shape.Workaround, "w", text=paragraphs(), state=_choice(shape.WORKAROUND_STATES)
    ),
    "hypotheses": _listed(
        shape.Hypothesis,
        "h",
        claim=paragraphs(),
        holder=LINES,
        verdict=_choice(shape.VERDICTS),
        reason=_optional(paragraphs()),
        evidence=EVIDENCE,
    ),
    "lessons": _listed(shape.Lesson, "l", text=paragraphs(), source=LINES),
    "actions": _listed(
        shape.Action,
        "a",
        text=paragraphs(),
        kind=_choice(shape.ACTION_KINDS),
        status=_choice(shape.ACTION_STATUSES),
        owner=LINES,
        due=_choice(("", "2023-04-01", "2024-02-29")),
        tracker=LINES,
    ),
    "relations": _unique(
        st.builds(
            shape.Relation,
            kind=_choice(shape.RELATION_KINDS),
            target=_choice(("0abc9xyz", "reddit-pi-day-2023")),
            note=_optional(paragraphs()),
        ),
        "kind",
        "target",
    ),
    "references": _listed(
        shape.Reference,
        "r",
        title=lines(),
        url=ADDRESSES,
        label=_choice(("", "O-RED-1", "S002")),
        language=_choice(("", "en", "zh-hans", "ru")),
        kind=_choice(shape.REFERENCE_KINDS),
        archived=ADDRESSES,
    ),
    "classifications": _unique(
        st.builds(
            shape.Classification,
            vocabulary=slugs(),
            term=slugs().map(lambda slug: f"top/{slug}"),
            role=_choice(shape.ROLES),
            why=_optional(paragraphs()),
            assigned_by=_choice(("", "source", "inferred", "alice")),
        ),
        "vocabulary",
        "term",
        "role",
    ),
    "attachments": _listed(shape.Attachment, "file-", name=lines()),
}
