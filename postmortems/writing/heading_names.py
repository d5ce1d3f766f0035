"""Headings that postmortems have in well-known templates, and where their texts belong. Pure."""

from postmortems.document import SECTIONS

# Where a text may go besides the sections of the Document.
TITLE, SUMMARY, TIMELINE, LESSONS, ACTIONS, DURATION, SEVERITY = (
    "title",
    "summary",
    "timeline",
    "lessons",
    "actions",
    "duration",
    "severity",
)
# The section for what no heading claims.
REST = "what-happened"

_NAMES = {
    TITLE: "title|incident title|标题|標題",
    SUMMARY: (
        "summary|overview|incident summary|executive summary|issue summary|summary of impact|tl;dr|"
        "tldr|abstract|摘要|概述|概要|事件概述|故障概述|总结|總結"
    ),
    "impact": (
        "impact|customer impact|user impact|impact on customers|impact on users|affected users|"
        "affected customers|blast radius|scope|impact and scope|business impact|影响|影響|影响范围|影響範圍"
    ),
    "what-happened": (
        "what happened|what happened?|background|leadup|lead-up|lead up|fault|chain of events|"
        "outage description|incident description|description|incident timing|发生了什么|發生了什麼|"
        "事件经过|事件經過|故障经过|背景|detection|response|supporting information|"
        "supporting documents|recurrence|backlog check|links|messaging|responders|attendees|"
        "people involved|names of people involved|stats|scorecard|internal email|external message|"
        "conclusions|date|authors|status|report status"
    ),
    "root-cause": (
        "root cause|root causes|root cause(s)|root cause analysis|rca|trigger|trigger(s)|triggers|"
        "contributing factors|contributing factor|contributing conditions analysis|"
        "contributing conditions|causes|cause|root cause and mitigation|five whys|the five whys|"
        "5 whys|root cause identification|root cause identification: the five whys|"
        "what caused the incident|what caused the incident?|process breakdowns|"
        "process breakdown(s)|根因|根本原因|原因|原因分析|根因分析"
    ),
    "resolution": (
        "resolution|recovery|resolution and recovery|mitigation|mitigation and resolution|"
        "how it was resolved|remediation|解决|解決|解决方案|解決方案|处理过程|處理過程|恢复|恢復"
    ),
    "went-well": (
        "what went well|what went well?|went well|things that went well|what we did well|做得好的|"
        "做得好的地方"
    ),
    "went-badly": (
        "what went wrong|what went wrong?|went badly|what went badly|what went badly?|went poorly|"
        "what went poorly|what went poorly?|what didn't go so well|what didn't go so well?|"
        "what didn't go well|what didn't go well?|things that went wrong|could have gone better|"
        "what could have gone better|what could have gone better?|what could be improved|"
        "做得不好的|做得不好的地方|待改进"
    ),
    "got-lucky": (
        "where we got lucky|where we got lucky?|where did we get lucky|where did we get lucky?|"
        "got lucky|we got lucky|lucky|侥幸|僥倖|运气好的地方"
    ),
    "what-surprised-us": "what surprised us|what surprised us?|surprises|意外之处|意外之處",
    "open-questions": "open questions|questions|unanswered questions|未解问题|未解問題|待解问题|遗留问题",
    "conflicting-accounts": "conflicting accounts|说法不一|說法不一",
    TIMELINE: "timeline|time line|timeline of events|incident timeline|时间线|時間線|时间轴|時間軸",
    LESSONS: (
        "lessons|lessons learned|lessons learnt|lesson learned|learnings|key learnings|"
        "how'd we do|how'd we do?|how did we do|how did we do?|takeaways|经验教训|經驗教訓|教训|教訓|经验"
    ),
    ACTIONS: (
        "actions|action items|action items and followups|action items and follow-ups|"
        "action items & followups|corrective actions|corrective action|actionables|next steps|"
        "recommendations|follow-ups|follow ups|followups|follow-up actions|follow-up items|"
        "corrective and preventative measures|corrective and preventive measures|"
        "preventative measures|prevention|改进措施|改進措施|行动项|行動項|后续措施|後續措施|改进项|待办"
    ),
}
NAMES = {name: target for target, names in _NAMES.items() for name in names.split("|")}
# The headings that say no more than the section they lead to; any other stays in the text.
OWN_NAMES = {key.replace("-", " "): key for key in SECTIONS} | {
    "root causes": "root-cause",
    "what went well": "went-well",
    "what went badly": "went-badly",
    "where we got lucky": "got-lucky",
    "what happened?": "what-happened",
    "lessons": LESSONS,
}
# Lines such as `Start: 2023-03-14 19:00 UTC`, with the moment they give.
FIELDS = {
    **dict.fromkeys(
        (
            "date",
            "start",
            "started",
            "start time",
            "start date",
            "start date/time",
            "incident start",
            "incident date",
            "date of incident",
            "开始",
            "開始",
            "开始时间",
            "開始時間",
            "日期",
        ),
        "started",
    ),
    **dict.fromkeys(
        ("detected", "detected at", "detection time", "time detected", "发现时间", "發現時間"),
        "detected",
    ),
    **dict.fromkeys(("mitigated", "mitigated at", "缓解时间", "緩解時間"), "mitigated"),
    **dict.fromkeys(
        (
            "end",
            "ended",
            "end time",
            "end date",
            "end date/time",
            "incident end",
            "resolved",
            "resolved at",
            "time resolved",
            "结束",
            "結束",
            "结束时间",
            "結束時間",
            "恢复时间",
            "恢復時間",
        ),
        "resolved",
    ),
    **dict.fromkeys(
        ("duration", "outage duration", "incident duration", "持续时间", "持續時間", "时长"),
        DURATION,
    ),
    **dict.fromkeys(("title", "标题", "標題"), TITLE),
    **dict.fromkeys(
        (
            "severity",
            "sev",
            "severity level",
            "incident severity",
            "严重程度",
            "嚴重程度",
            "严重级别",
            "嚴重級別",
        ),
        SEVERITY,
    ),
}
# Lines such as `Owner: Jane Doe <jane@corp.com>`, which name people.
PEOPLE = frozenset(
    (
        *("owner", "owners", "author", "authors", "lead", "incident commander", "commander", "ic"),
        *("incident lead", "incident manager", "scribe", "reporter", "reported by", "responder"),
        *("responders", "attendees", "participants", "people involved", "on-call", "on call"),
        *(
            "负责人",
            "負責人",
            "作者",
            "参与人",
            "參與人",
            "参与者",
            "參與者",
            "值班",
            "报告人",
            "報告人",
        ),
    )
)


def target_of(heading: str) -> str:
    """Where the text under a heading belongs; empty when the heading is not known."""
    name = normal(heading)
    return NAMES.get(name) or OWN_NAMES.get(name, "")


def normal(heading: str) -> str:
    """A heading without its marks, number and colon, in lower case."""
    name = heading.strip().strip("#*_=`:： \t").replace("’", "'").replace("&", "and")
    head, _space, rest = name.partition(" ")
    if rest and head.rstrip(".)").replace(".", "").isdigit():
        name = rest
    # "Timeline (all times UTC)" is headed "Timeline".
    if "(" in name and name.lower() not in NAMES:
        name = name.partition("(")[0]
    return " ".join(name.lower().split())
