"""Phrases that judge a person, in English and Chinese, with what to ask instead. Pure; it blocks nothing."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from django.utils.translation import gettext_lazy as _

from postmortems.writing.fences import code_lines

# Why a phrase is pointed out, and the question that leads further.
REASONS = {
    "hindsight": (
        _("It says what should have been, which is known only afterwards."),
        _("What made it seem right then?"),
    ),
    "character": (
        _("It judges a person."),
        _("What made this easy to do, and hard to notice?"),
    ),
    "human-error": (
        _("It stops at a person as the cause."),
        _("What would have let anybody make this slip, and what could have caught it?"),
    ),
    "failing": (
        _("It says what somebody did not do."),
        _("What did they do instead, and what did they know?"),
    ),
    "obvious": (
        _("What is plain now was not plain then."),
        _("What could be seen at the time, and where?"),
    ),
    "blame": (
        _("It looks for who is to blame."),
        _("Which conditions led here, and which of them can be changed?"),
    ),
}
PERSON = (
    r"(?:we|i|he|she|they|you|who|nobody|somebody|someone|no one|(?:the |an? |our |their )?(?:\w{1,30} )?"
    r"(?:engineers?|operators?|developers?|devs?|admins?|administrators?|teams?|on-?call|responders?|"
    r"reviewers?|authors?|staff|colleagues?|employees?|technicians?|sres?|interns?|contractors?|managers?))"
)
# What can be expected of a thing without judging anybody.
THING = (
    r"(?:alerts?|alarms?|monitors?|monitoring|systems?|services?|servers?|pods?|nodes?|tests?|checks?|jobs?|"
    r"scripts?|controllers?|configs?|configuration|clusters?|quer(?:y|ies)|requests?|timeouts?|it|which|that|"
    r"this|these|those|replicas?|traffic|deploys?|deployment|pipeline|ci|database|cache|queue|"
    r"retries|process|limits?|values?|data|files?|code|change|dashboards?|errors?)"
)
DONE = (
    r"(?:\w{1,30}ed|been|known|seen|caught|thought|done|told|taken|written|run|read|gone|found|made|kept|"
    r"noticed|set|put|had|understood|given)"
)
ENGLISH: tuple[tuple[str, str], ...] = (
    (
        "hindsight",
        rf"should(?:n['’]t|\snot)?(?:\shave|['’]ve|a)\s(?:\w{1, 30}ly\s|never\s|also\s|first\s|just\s)?{DONE}\b|"
        r"ought\sto\shave\b|if\sonly\b|should\shave\sknown\sbetter|knew\sbetter|know\sbetter",
    ),
    (
        "character",
        r"careless(?:ly|ness)?\b|negligen(?:t|tly|ce)\b|incompeten(?:t|tly|ce)\b|stupid(?:ly|ity)?\b|"
        r"sloppy\b|sloppily\b|reckless(?:ly|ness)?\b|irresponsibl[ey]\b|idiot(?:ic|s)?\b|dumb\b|"
        r"lazy\s(?:engineer|developer|operator|person|admin)\w*|lack\sof\s(?:attention|care|discipline)\b|"
        r"inattenti(?:on|ve)\b|unprofessional(?:ly)?\b",
    ),
    (
        "human-error",
        r"(?:human|operator|user|pilot|engineer|developer)\serrors?\b|human\s(?:mistakes?|failure)\b|"
        rf"(?:{PERSON}\s)(?:mistakenly|made\sa\smistake)\b|made\sa\s(?:stupid|silly|careless)\smistake\b|"
        r"fat[- ]finger(?:ed)?\b",
    ),
    (
        "failing",
        rf"{PERSON}\s(?:\w{1, 30}ly\s|just\s|simply\s)?(?:failed\sto|neglected|ignored|overlooked|forgot|"
        r"didn['’]t\sbother|did\snot\sbother)\b|neglected\sto\b|forgot\sto\b|forgotten\sto\b|failure\sto\sfollow\b",
    ),
    (
        "obvious",
        r"obvious(?:ly)?\b|common\ssense\b|of\scourse\b|clearly\sshould\b|any\s(?:competent|good)\s(?:engineer|developer|operator|admin)\b",
    ),
    (
        "blame",
        r"(?:is|are|was|were)\sto\sblame\b|blamed?\son\b|at\sfault\b|(?<=['’]s\s)fault\b|whose\sfault\b",
    ),
)
CHINESE: tuple[tuple[str, str], ...] = (
    ("hindsight", r"本(?:应该|應該|该|該)|本[应應](?!用)|早(?:该|該|应该|應該)|(?:应该|應該)早就"),
    (
        "character",
        r"粗心大意|粗心|大意了|[马馬]虎|疏忽|失[职職]|不[负負][责責]任|[责責]任心|水平不[够夠足]|低[级級][错錯][误誤]|不小心|(?:没有|沒有|未|不)[认認]真|没仔细|沒仔細",
    ),
    ("human-error", r"人[为為](?:失[误誤]|[错錯][误誤]|疏忽|原因|因素)|操作失[误誤]|手[误誤]"),
    ("failing", r"忘[记記]了?|忘了"),
    ("obvious", r"[显顯]然|明[显顯][应應][该該]|明明"),
    ("blame", r"甩[锅鍋]|背[锅鍋]|追[责責]|[问問][责責]|[处處][罚罰]|(?:都怪|怪)(?=[他她你])"),
)


def _joined(table: tuple[tuple[str, str], ...], edge: str) -> re.Pattern[str]:
    parts = "|".join(f"(?P<{key.replace('-', '_')}>{words})" for key, words in table)
    return re.compile(f"{edge}(?:{parts})", re.IGNORECASE)


IN_ENGLISH = _joined(ENGLISH, r"(?<![\w-])")
IN_CHINESE = _joined(CHINESE, "")
OF_THING = re.compile(rf"(?<![\w-]){THING}\s(?:probably\s|also\s)?$", re.IGNORECASE)
# What somebody else said or a machine wrote.
QUOTED = re.compile(
    r"`[^`\n]{1,500}`|\"[^\"\n]{1,500}\"|“[^”\n]{1,500}”|「[^」\n]{1,500}」|«[^»\n]{1,500}»|《[^》\n]{1,200}》"
)
LOG_LINE = re.compile(
    r"[ \t]{0,8}(?:>|\||    |\t|\[?[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}|[IWEF][0-9]{4} [0-9]{2}:|"
    r"\{\"|(?:ERROR|WARN|WARNING|INFO|DEBUG|FATAL|TRACE)\b)"
)
MOST = 200


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase, where it stands, why it is pointed out, and a question to ask instead."""

    start: int
    end: int
    words: str
    reason: str
    question: str


def phrases_in(text: str, language: str) -> tuple[Phrase, ...]:
    """What judges a person, in the order of the text, whichever of the two languages a line is in."""
    found: list[Phrase] = []
    for start, line in _prose(text):
        for key, first, last in _hits(line, language):
            reason, question = REASONS[key]
            words = line[first:last]
            found.append(Phrase(start + first, start + last, words, str(reason), str(question)))
        if len(found) >= MOST:
            break
    return tuple(found[:MOST])


def _prose(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are neither code nor log nor quoted, with where each begins."""
    lines = text.split("\n")
    code = code_lines(lines)
    start = 0
    for index, line in enumerate(lines):
        if line and index not in code and not LOG_LINE.match(line):
            yield start, line
        start += len(line) + 1


def _hits(line: str, language: str) -> Iterator[tuple[str, int, int]]:
    # Japanese writes other words with the same characters.
    patterns = [IN_ENGLISH] if language.startswith("ja") else [IN_ENGLISH, IN_CHINESE]
    hits = sorted(
        (match.start(), match.end(), str(match.lastgroup))
        for pattern in patterns
        for match in pattern.finditer(line)
    )
    if not hits:
        return
    quoted = [match.span() for match in QUOTED.finditer(line)]
    for start, end, group in hits:
        key = group.replace("_", "-")
        is_thing = key == "hindsight" and OF_THING.search(line, max(0, start - 40), start)
        if not is_thing and not _is_within(quoted, start, end):
            yield key, start, end


def _is_within(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    index = bisect_right(spans, start, key=itemgetter(0)) - 1
    return index >= 0 and end <= spans[index][1]
