"""The likely kind of a timeline entry, from its words in English and Chinese. Pure; a person decides."""

import re

# What a text says at its very beginning about itself, as in "**Discovery:** …".
LABELS = {
    **dict.fromkeys(
        ("discovery", "detection", "detected", "alert", "发现", "告警", "檢測"), "detect"
    ),
    **dict.fromkeys(("trigger", "outage begins", "incident begins", "触发", "觸發"), "trigger"),
    **dict.fromkeys(("escalation", "escalated", "上报", "上報"), "escalate"),
    **dict.fromkeys(("action", "操作", "处理", "處理"), "action"),
    **dict.fromkeys(("mitigation", "mitigated", "缓解", "緩解", "止血"), "mitigate"),
    **dict.fromkeys(
        ("recovery", "recovered", "resolved", "resolution", "outage ends", "恢复", "恢復"),
        "recover",
    ),
    **dict.fromkeys(("context", "background", "背景"), "context"),
}
LABEL = re.compile(r"[\s*_\[【(]{0,4}([\w][\w ]{1,18}\w)[\s*_\])】]{0,4}(?:[:：]|$)")
# Only the beginning says what an entry is about; the rest is detail.
TELLING = 400

NOT = r"(?:not|\w{2,6}n['’]t|never|no longer|without|cannot|no)\s+(?:\w{1,20}\s+){0,2}?"
RECOVERED = (
    r"resolved|recover(?:ed|s|ing|y)?|restored|back to normal|back up|all clear|"
    r"fully operational|operational again|healthy again|incident (?:is )?(?:over|closed)|outage ends"
)
MITIGATED = (
    r"mitigat(?:ed|es|ing|ion)|stabili[sz](?:ed|es|ing)|contained|work-?around (?:is )?in place"
)
# A kind with its English words, which begin at a word, and its Chinese ones.
_WORDS = (
    (
        "context",
        rf"{NOT}(?:yet )?(?:{RECOVERED}|{MITIGATED}|fixed)\b",
        r"未恢[复復]|[还還][没沒]恢[复復]|尚未",
    ),
    (
        "failed-attempt",
        r"(?:did|does|do)(?:n't|n’t| not) (?:help|work|fix|change anything)|no effect\b|"
        r"to no avail\b|(?:roll-?back|revert|restart|reboot|fail-?over|scal\w|fix|attempt|"
        r"hotfix|mitigation|restore)\w{0,10}\b.{0,40}?\b(?:fail(?:s|ed)|unsuccessful)|"
        r"(?:tried|attempt(?:ed)?) to\b.{0,80}?\b(?:but|fail)|unsuccessful(?:ly)?\b|"
        r"still (?:down|failing|broken) after\b",
        r"[无無]效|[没沒]有效果|未生效|不起作用|(?:回[滚滾]|重[启啟]|切[换換]|恢[复復]).{0,6}失[败敗]",
    ),
    (
        "escalate",
        r"escalat\w|war room\b|status ?page\b|status update\b|(?:declar\w{1,5}|open\w{0,4}) "
        r"(?:an? |the )?(?:\w{1,20}[ -]){0,3}?incident\b|incident (?:is )?declared\b|"
        r"pag(?:ed|ing) (?:in|out) |(?:engaged|looped in|pulled in|contacted) |"
        r"support ticket\b|opened a (?:case|ticket)\b",
        r"上[报報]|升[级級][给給]|拉群|通知了|召集|[联聯][系繫]了",
    ),
    ("recover", rf"(?:{RECOVERED})\b", r"恢[复復]|故障解除|告警(?:消失|解除|恢[复復])"),
    ("mitigate", rf"(?:{MITIGATED})\b", r"[缓緩]解|止血|止[损損]"),
    (
        "detect",
        r"alert(?:s|ed|ing)?\b|alarm(?:s|ed)?\b|page[dr]?\b|pages\b|pagerduty\b|"
        r"monitor(?:s|ing)?\b.{0,40}?\b(?:report|show|notic|detect|fire)|detect(?:s|ed)\b|"
        r"(?:customers?|users?|support)\b.{0,40}?\b(?:report|complain|notic)\w|"
        r"we notice\b|noticed\b",
        r"告警|[报報]警|警[报報]|[用客][户戶]反[馈饋]|收到反[馈饋]|[监監]控[发發][现現]",
    ),
    (
        "learn",
        r"root cause\b|post-?mortem\b|turn(?:s|ed) out\b|identif(?:y|ied|ies)\b|"
        r"found (?:that|out|the)\b|discover(?:ed|s)\b|reali[sz](?:ed?|es)\b|"
        r"confirm(?:ed|s)\b|pinpointed\b|culprit\b",
        r"根因|原因是|定位[到为為]|查明|[确確][认認]是|排查[发發][现現]|[复復][盘盤]",
    ),
    (
        "action",
        r"roll(?:ed|ing|s)?[ -]?back\b|revert(?:s|ed|ing)?\b|restart(?:s|ed|ing)?\b|"
        r"reboot(?:s|ed|ing)?\b|scal(?:ed|ing|es?)\b|drain(?:s|ed|ing)?\b|"
        r"cordon\w|fail(?:ed|ing)?[ -]?over\b|disabl(?:e|es|ed|ing)\b|hot-?fix\b|"
        r"patch(?:ed|ing|es)\b|appl(?:y|ied|ying)\b|delet(?:e|es|ed|ing)\b|"
        r"kill(?:ed|ing|s)?\b|increas(?:ed|ing)\b|block(?:ed|ing)\b|fix(?:ed|es|ing)?\b|"
        r"investigat\w|restor(?:e|ing)\b",
        r"回[滚滾]|重[启啟]|[扩擴縮缩]容|切[换換]|禁用|限流|降[级級]|排查|修[复復]|摘除|下[线線]",
    ),
)
# The first that is found decides.
RULES = tuple(
    (kind, re.compile(rf"\b(?:{english})"), re.compile(chinese))
    for kind, english, chinese in _WORDS
)
CHANGE = re.compile(
    r"\b(?:deploy(?:s|ed|ment|ing)?\b|upgrad(?:e|es|ed|ing)\b|merg(?:e|es|ed|ing)\b|"
    r"releas(?:e|es|ed|ing)\b|roll(?:ed|s|ing)?[ -]?out\b|ship(?:s|ped)\b|"
    r"(?:config(?:uration)?|dns) change\b|push(?:ed|es|ing)\b|migrat(?:ed|es|ion|ing)\b|"
    r"cron ?job\b|(?:outage|incident) begins\b)|"
    r"部署|[发發][布佈]|上[线線]|[变變]更|升[级級]|合[并併]"
)


def kind_of(text: str, *, is_noticed: bool = False) -> str:
    """One of ENTRY_KINDS. A change before anything was noticed is a trigger, after that an action."""
    beginning = text[:TELLING]
    if (match := LABEL.match(beginning)) and (kind := LABELS.get(match[1].lower())):
        return kind
    # What is asked has not happened.
    if beginning.rstrip().endswith(("?", "？")):
        return "context"
    beginning = beginning.lower()
    for kind, english, chinese in RULES:
        if english.search(beginning) or (not beginning.isascii() and chinese.search(beginning)):
            return kind
    if CHANGE.search(beginning):
        return "action" if is_noticed else "trigger"
    return "context"
