"""What a page or a tool asks of patterns beside the search itself: read once, strictly, for both."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from postmortems.insights.matrix import COLOURS, UNKNOWNS
from postmortems.insights.periods import LENGTHS
from taxonomy.lookup import Terms

SPANS = tuple(LENGTHS)
DEEPEST = 9
ROWS, COLUMNS, TREND, TIMES = "cause", "component", "cause", "severity"
# The parameters by name; none can be the slug of a vocabulary.
NAMES = ("rows", "columns", "depth", "heat", "unknown", "span", "trend_by", "times_by")


@dataclass(frozen=True)
class Options:
    """The parameters as they are used; `problems` says by name what was wrong with those that are not."""

    rows: str = ROWS
    columns: str = COLUMNS
    depth: int = 1
    heat: str = "count"
    unknown: str = "hide"
    span: str = "quarter"
    trend_by: str = TREND
    times_by: str = TIMES
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def shows_unknown(self) -> bool:
        """Whether the matrix tells those apart that have no term of its rows or columns."""
        return self.unknown == "show"


def options_of(params: Mapping[str, object], terms: Terms) -> Options:
    """The parameters of an address; what cannot be used is left at its default and named."""
    wanted = {name: str(params[name]) for name in NAMES if params.get(name)}
    problems = dict(_problems(wanted, countable(terms)))
    used = {name: value for name, value in wanted.items() if name not in problems}
    options = Options(
        **{name: int(value) if name == "depth" else value for name, value in used.items()},  # type: ignore[arg-type]
        problems=problems,
    )
    if options.rows != options.columns:
        return options
    said = _("Rows and columns are the same; choose two vocabularies.")
    other = COLUMNS if options.rows != COLUMNS else ROWS
    return Options(**{**vars(options), "columns": other, "problems": {**problems, "columns": said}})


def countable(terms: Terms) -> tuple[str, ...]:
    """The vocabularies that may be counted by."""
    return tuple(info.slug for info in terms.vocabularies)


def _problems(wanted: Mapping[str, str], slugs: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each parameter that cannot be used, and why."""
    depths = tuple(str(depth) for depth in range(1, DEEPEST + 1))
    allowed = {"depth": depths, "heat": COLOURS, "unknown": UNKNOWNS, "span": SPANS}
    for name, value in wanted.items():
        values = allowed.get(name, slugs)
        if value not in values:
            said = _("“%(value)s” is none of %(names)s.")
            names = pgettext("between names", ", ").join(values)
            yield name, said % {"value": value[:60], "names": names}
