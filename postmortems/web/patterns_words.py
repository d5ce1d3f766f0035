"""What stands out, as sentences: names in bold, each number a link to exactly what it counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from postmortems.insights.chains import Chain, Occurrence
from postmortems.insights.shapes import Contrast, Count, Finding, Named
from postmortems.insights.spread import Quantile
from postmortems.templatetags.moments_tags import moment_short, seconds_words
from postmortems.templatetags.number_tags import grouped
from postmortems.templatetags.sentence_tags import then
from postmortems.web.fixes import fix_words


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line: the number before it, the sentence, where it leads; `how` tells how it was found."""

    number: SafeString
    rest: str
    words: SafeString
    url: str
    link: str
    how: tuple[str, ...] = ()
    small: bool = False

    @property
    def said(self) -> SafeString:
        """The sentence, with what is to be said of few."""
        return then(self.words, _("Small numbers.") if self.small else "")


def linked(count: Count) -> SafeString:
    """A number as the link to its list; none is a word of the sentence, since there is no list."""
    if not (count.url and count.number):
        return format_html("{}", count.number)
    return format_html('<a class="num" href="{}">{}</a>', count.url, grouped(count.number))


def filled(sentence: str, **parts: object) -> SafeString:
    """A translated sentence with its parts, which are escaped unless they are markup already."""
    safe = {
        name: conditional_escape(str(part)) if not isinstance(part, SafeString) else part
        for name, part in parts.items()
    }
    return mark_safe(str(conditional_escape(sentence)) % safe)


def bold(terms: Iterable[Named]) -> SafeString:
    """Names in bold, with "or" between alternatives."""
    names = [format_html("<b>{}</b>", term.label) for term in terms]
    return mark_safe(pgettext("between alternatives", " or ").join(names))


def with_field(term: Named) -> SafeString:
    """A term behind what its vocabulary is called: `trigger <b>Upgrade</b>`."""
    if not term.vocabulary_label:
        return bold([term])
    field = inside(term.vocabulary_label)
    said = pgettext("a term in bold behind its vocabulary", "%(field)s %(term)s")
    return filled(said, field=field, term=bold([term]))


def inside(label: str) -> str:
    """A name as it stands inside of a sentence: `root cause`, but `OS`."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def finding_sentence(finding: Finding) -> Sentence:
    """One finding with both its numbers."""
    of_here = finding.of_here
    shown, lists = {
        "widespread": (_widespread(finding), finding.here),
        "set-off": (_set_off(finding), of_here),
    }.get(finding.kind, (_together(finding), of_here))
    return Sentence(
        number=linked(finding.here),
        rest=_("of %(n)s") % {"n": grouped(of_here.number)},
        words=shown,
        url=lists.url,
        link=_("Show the %(n)s") % {"n": grouped(lists.number)},
        how=_finding_how(finding),
        small=finding.is_small,
    )


def _widespread(finding: Finding) -> SafeString:
    parts = [
        filled(_("%(name)s in %(n)s"), name=portion.term.label, n=linked(portion.count))
        for portion in finding.portions
    ]
    if not parts:
        return filled(_("have the cause %(found)s."), found=bold([finding.found]))
    listed = mark_safe(pgettext("between reasons", ", ").join(parts))
    return filled(
        _("have the cause %(found)s: %(parts)s."), found=bold([finding.found]), parts=listed
    )


def _set_off(finding: Finding) -> SafeString:
    said = filled(
        _("postmortems with trigger %(given)s have the cause %(found)s%(elsewhere)s."),
        given=bold(finding.given),
        found=bold([finding.found]),
        elsewhere=_elsewhere(finding.elsewhere, finding.of_elsewhere),
    )
    return then(said, _same(finding))


def _same(finding: Finding) -> SafeString:
    """The other causes of the very same postmortems."""
    if not finding.same:
        return mark_safe("")
    names = mark_safe(pgettext("between reasons", ", ").join(bold([term]) for term in finding.same))
    said = _("The same %(n)s also have the cause %(names)s.")
    return filled(said, n=linked(finding.here), names=names)


def _together(finding: Finding) -> SafeString:
    said = _("postmortems with %(given)s have %(found)s%(elsewhere)s.")
    given = mark_safe(pgettext("between alternatives", " or ").join(map(with_field, finding.given)))
    return filled(
        said,
        given=given,
        found=with_field(finding.found),
        elsewhere=_elsewhere(finding.elsewhere, finding.of_elsewhere),
    )


def _elsewhere(number: Count | None, of: Count | None) -> SafeString:
    if number is None or of is None:
        return mark_safe("")
    return filled(_("; elsewhere %(n)s of %(all)s"), n=linked(number), all=linked(of))


def _finding_how(finding: Finding) -> tuple[str, ...]:
    if finding.p is None or finding.q is None or finding.lift is None:
        return (
            _("Counted: the share of all these postmortems that have it or anything below it."),
        )
    return _tested(finding.lift, finding.p, finding.q)


def contrast_how(contrast: Contrast) -> tuple[str, ...]:
    """How a contrast was tested, with its figures."""
    return _tested(contrast.lift, contrast.p, contrast.q)


def _tested(lift: float, p: float, q: float) -> tuple[str, ...]:
    figures = {"lift": f"{lift:.1f}", "p": figure(p), "q": figure(q)}
    return (
        _(
            "Lift %(lift)s: so many times the share among all. p = %(p)s, Fisher’s exact test, one-sided."
        )
        % figures,
        _(
            "q = %(q)s after Benjamini and Hochberg’s control of false discoveries over everything that was compared."
        )
        % figures,
    )


def figure(value: float) -> str:
    """A probability as people read it: `0.012`, `< 0.001`."""
    return f"{value:.3f}" if value >= 0.001 else "< 0.001"


def chain_sentence(chain: Chain) -> Sentence:
    """A defect that came back, as one of the findings."""
    between = pgettext("between reasons", ", ")
    stretches = (between.join(filter(None, day_labels(part))) for part in chain.stretches)
    listed = f"{between}…{between}".join(stretches)
    said = _("one defect came back, %(name)s: %(dates)s.")
    name = format_html('<b lang="{}">{}</b>', chain.name_language, chain.name)
    return Sentence(
        number=linked(chain.count),
        rest=ngettext("time", "times", chain.count.number),
        words=then(filled(said, name=name, dates=listed), fix_words(chain.fix)),
        url=f"#chain-{chain.key}",
        link=_("Show the chain"),
    )


def left_out_words(chain: Chain) -> str:
    """That some occurrences are not shown, and where they belong; empty where all are."""
    if not chain.more:
        return ""
    said = ngettext(
        "%(n)d occurrence after the first %(first)d is not shown.",
        "%(n)d occurrences after the first %(first)d are not shown.",
        chain.more,
    )
    return said % {"n": chain.more, "first": len(chain.stretches[0])}


def day_labels(occurrences: Sequence[Occurrence]) -> list[str]:
    """When each started; of several in a row on one day the first one says how many, the others nothing."""
    labels: list[str] = []
    for day, group in groupby(moment_short(item.started) for item in occurrences):
        times = len(list(group))
        labels += [day if times == 1 else f"{day} ×{times}", *[""] * (times - 1)]
    return labels


def workaround_words(state: str) -> str:
    """What is known of the work-around, as a sentence."""
    words = {
        "verified": _("There is a verified work-around."),
        "unverified": _("There is a work-around that nobody verified."),
        "unsafe": _("There is only an unsafe work-around."),
    }
    return words.get(state, _("No work-around is recorded."))


def quantile_words(found: Quantile) -> str:
    """A middle with how many it is of: `median 5 h 14 min, n = 4`."""
    return _("median %(length)s, n = %(n)d") % {"length": _between(found), "n": found.n}


def _between(found: Quantile) -> str:
    low, high = found.low, found.high
    if low is None:
        return f"≤ {seconds_words(high or 0)}"
    if high is None:
        return f"≥ {seconds_words(low)}"
    if low == high:
        return seconds_words(low)
    return _("%(low)s to %(high)s") % {"low": seconds_words(low), "high": seconds_words(high)}
