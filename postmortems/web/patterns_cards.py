"""The cards of the patterns page: each is made on its own, and may fail on its own."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postmortems.insights.asking import Selected
from postmortems.insights.chains import Chains, chains_of
from postmortems.insights.debt import Debts, debt_of
from postmortems.insights.findings import findings_of
from postmortems.insights.gaps import Gaps, gaps_of
from postmortems.insights.matrix import matrix_of
from postmortems.insights.options import Options
from postmortems.insights.overrepresented import overrepresented_of
from postmortems.insights.shapes import Findings, Matrix, Overrepresented, Together, Trends
from postmortems.insights.times import MEASURES, Times, begin_times, times_of
from postmortems.insights.together import together_of
from postmortems.insights.trends import trends_of
from postmortems.templatetags.number_tags import grouped
from postmortems.web import patterns_bodies as bodies
from postmortems.web import patterns_tables as tables
from postmortems.web.patterns_pictures import trend_picture
from postmortems.web.patterns_tables import Table
from postmortems.web.patterns_words import chain_sentence, finding_sentence, inside

logger = logging.getLogger(__name__)
CHAINS_AMONG_FINDINGS = 1


@dataclass(frozen=True)
class Answers:
    """What is asked of one selection, each answer found when it is first used."""

    selected: Selected
    options: Options

    @cached_property
    def findings(self) -> Findings:
        """What stands out."""
        return findings_of(self.selected)

    @cached_property
    def matrix(self) -> Matrix:
        """Two vocabularies against each other."""
        wanted = self.options
        return matrix_of(
            self.selected,
            rows=wanted.rows,
            columns=wanted.columns,
            depth=wanted.depth,
            colour=wanted.heat,
            unknown=wanted.shows_unknown,
        )

    @cached_property
    def trends(self) -> Trends:
        """When they started."""
        return trends_of(self.selected, span=self.options.span, vocabulary=self.options.trend_by)

    @cached_property
    def frequent(self) -> Overrepresented:
        """What is more frequent here than elsewhere."""
        return overrepresented_of(self.selected)

    @cached_property
    def together(self) -> Together:
        """What goes together."""
        return together_of(self.selected)

    @cached_property
    def chains(self) -> Chains:
        """What came back."""
        return chains_of(self.selected)

    @cached_property
    def debts(self) -> Debts:
        """What is still to be done about what came back."""
        return debt_of(self.selected)

    @cached_property
    def gaps(self) -> Gaps:
        """What is not recorded."""
        return gaps_of(self.selected)

    def begin(self) -> None:
        """Have the engine begin to count what takes it longest."""
        begin_times(self.selected, vocabulary=self.options.times_by)

    def times(self, measure: str) -> Times:
        """How long it took."""
        return times_of(self.selected, measure=measure, vocabulary=self.options.times_by)


@dataclass(frozen=True)
class Card:
    """One card: `body` is what its template prints, None where it failed; `table` the same in rows."""

    name: str
    kind: str
    title: str
    note: str = ""
    body: Any = None
    table: Table | None = None
    has_picture: bool = False

    @property
    def template(self) -> str:
        """What prints it."""
        return f"patterns/_{self.kind}.html"

    @property
    def selects(self) -> tuple[bodies.Select, ...]:
        """Its choices."""
        return getattr(self.body, "selects", ())

    @property
    def select_names(self) -> tuple[str, ...]:
        """The parameters that its own form sets."""
        return tuple(select.name for select in self.selects)

    @property
    def has_table_below(self) -> bool:
        """Whether the same is offered as a table: what is one already is not."""
        return self.has_picture and self.kind != "matrix"


def times_titles() -> dict[str, str]:
    """What the cards of lengths are called."""
    return {
        "resolve": _("Time to resolve"),
        "mitigate": _("Time to mitigate"),
        "detect": _("Time to detect"),
    }


def findings_card(answers: Answers) -> Card | None:
    """What stands out, the most stubborn defect among it."""
    found = answers.findings
    shown = [finding_sentence(item) for item in found.findings]
    came_back = [chain_sentence(chain) for chain in answers.chains.chains[:CHAINS_AMONG_FINDINGS]]
    # What came back is no contrast and has no place in their order: it stands behind the first.
    shown[1:1] = came_back
    note = ngettext("%(n)d finding, strongest first", "%(n)d findings, strongest first", len(shown))
    title = _("What stands out")
    return Card(
        "findings",
        "findings",
        title,
        note % {"n": len(shown)} if shown else "",
        bodies.sentences(shown, is_small=found.is_small),
        tables.findings_table(found, title),
    )


def matrix_card(answers: Answers) -> Card | None:
    """The heat map."""
    matrix = answers.matrix
    names = {"rows": matrix.rows_by.label, "columns": inside(matrix.columns_by.label)}
    title = _("%(rows)s by %(columns)s") % names
    note = _("each cell a count, each count a link")
    table = tables.matrix_table(matrix, title)
    body = bodies.matrix_body(matrix, answers.options.unknown)
    return Card("matrix", "matrix", title, note, body, table, has_picture=True)


def times_card(answers: Answers, measure: str) -> Card | None:
    """The dots of one measure; without any there is no card."""
    times = answers.times(measure)
    if not (times.all.known.number or times.all.bounded.number):
        return None
    title = times_titles()[measure]
    note = _("each mark a postmortem, arrows are bounds")
    table = tables.times_table(times, title)
    body = bodies.times_body(times)
    return Card(f"times-{measure}", "times", title, note, body, table, has_picture=True)


def recurrence_card(answers: Answers) -> Card | None:
    """The chains; without one there is no card."""
    chains = answers.chains
    if not chains.chains:
        return None
    title = _("One defect, again and again")
    counted = ngettext("%(n)d defect came back", "%(n)d defects came back", len(chains.chains))
    note = counted % {"n": len(chains.chains)}
    table = tables.chains_table(chains, title)
    body = bodies.chains_body(chains)
    return Card("recurrence", "recurrence", title, note, body, table, has_picture=True)


def trends_card(answers: Answers) -> Card | None:
    """The bars over time."""
    trends = answers.trends
    title = _("When they started, by %(field)s") % {"field": inside(trends.by.label)}
    picture = trend_picture(trends, answers.selected.terms)
    note = _("each piece a link; what has two of them is counted in both")
    table = tables.trends_table(trends, title)
    body = bodies.trends_body(trends, picture)
    return Card("trends", "trends", title, note, body, table, has_picture=True)


def frequent_card(answers: Answers) -> Card | None:
    """What is more frequent here; nothing where the search leaves nothing out."""
    found = answers.frequent
    if not (found.is_narrowed and found.terms):
        return None
    title = _("More frequent here than elsewhere")
    note = ngettext("%(n)s term compared", "%(n)s terms compared", found.tested)
    shown = bodies.sentences(map(bodies.frequent_sentence, found.terms), found.more)
    table = tables.frequent_table(found, title)
    return Card(
        "over-represented", "sentences", title, note % {"n": grouped(found.tested)}, shown, table
    )


def together_card(answers: Answers) -> Card | None:
    """What goes together."""
    found = answers.together
    if not found.pairs:
        return None
    title = _("What goes together")
    note = ngettext("%(n)s pair compared", "%(n)s pairs compared", found.tested)
    pairs = map(bodies.pair_sentence, found.pairs)
    shown = bodies.sentences(pairs, found.more, is_small=found.is_small)
    table = tables.pairs_table(found, title)
    return Card("together", "sentences", title, note % {"n": grouped(found.tested)}, shown, table)


def debt_card(answers: Answers) -> Card | None:
    """What is still to be done about what came back."""
    debts = answers.debts
    if not debts.debts:
        return None
    title = _("Open actions on causes that came back")
    return Card("debt", "debt", title, "", debts, tables.debt_table(debts, title))


def gaps_card(answers: Answers) -> Card | None:
    """What is not recorded."""
    gaps = answers.gaps
    if not gaps.gaps:
        return None
    title = _("What is not recorded")
    note = _("each count a link to what lacks it")
    return Card("gaps", "gaps", title, note, gaps, tables.gaps_table(gaps, title))


Maker = Callable[[Answers], Card | None]


def _measured(measure: str) -> Maker:
    return lambda answers: times_card(answers, measure)


MAKERS: dict[str, Maker] = {
    "findings": findings_card,
    "matrix": matrix_card,
    **{f"times-{measure}": _measured(measure) for measure in reversed(MEASURES)},
    "gaps": gaps_card,
    "recurrence": recurrence_card,
    "over-represented": frequent_card,
    "trends": trends_card,
    "together": together_card,
    "debt": debt_card,
}
# Which stand where on the page, in the order of MAKERS.
WIDE = ("findings", "matrix")
LEFT = (*(f"times-{measure}" for measure in MEASURES), "gaps")
PICTURED = ("matrix", "recurrence", "trends", *(f"times-{measure}" for measure in MEASURES))


def failed_titles() -> dict[str, str]:
    """What a card is called whose answer is not there to name it."""
    return {
        "findings": _("What stands out"),
        "matrix": _("Two vocabularies against each other"),
        "recurrence": _("One defect, again and again"),
        "over-represented": _("More frequent here than elsewhere"),
        "trends": _("When they started"),
        "together": _("What goes together"),
        "debt": _("Open actions on causes that came back"),
        "gaps": _("What is not recorded"),
        **{f"times-{measure}": title for measure, title in times_titles().items()},
    }


def cards_of(answers: Answers) -> list[Card]:
    """The cards in their order; one that fails stands there and says so."""
    # What fails here fails again in its own card.
    with suppress(Exception):
        answers.begin()
    made = (_made(name, answers) for name in MAKERS)
    return [card for card in made if card]


def _made(name: str, answers: Answers) -> Card | None:
    try:
        return MAKERS[name](answers)
    except Exception:
        # One part that breaks must not take the page with it.
        logger.exception("The card %s of the patterns page failed", name)
        return Card(name, "failed", failed_titles()[name])
