"""Pasted chats and lists of lines as timeline entries: forms, days, zones, people, kinds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.document import ENTRY_KINDS, ITEMS, LINE_LENGTH, Document
from postmortems.document_json import check
from postmortems.moments import format_moment
from postmortems.writing.chat import entries_of
from postmortems.writing.kinds import kind_of


def shown(text, **options):
    return [
        (format_moment(entry.when), entry.text) for entry in entries_of(text, **options).entries
    ]


def codes(text, **options):
    return [[item.code for item in entry.notices] for entry in entries_of(text, **options).entries]


FORMS = [
    ("10:22 merged the PR", "10:22", "merged the PR"),
    ("10:22: merged the PR", "10:22", "merged the PR"),
    ("- 10:22: merged the PR", "10:22", "merged the PR"),
    ("10:22：合并了 PR", "10:22", "合并了 PR"),
    ("10:22:05 UTC – merged", "10:22:05 UTC", "merged"),
    ("[10:22] alice: merged", "10:22", "alice: merged"),
    ("10:22 <@alice> merged", "10:22", "alice: merged"),
    ("alice  10:22 AM\nmerged", "10:22", "alice: merged"),
    ("Alice Smith\n  10:22 PM\nmerged", "22:22", "Alice Smith: merged"),
    ("[10:22 AM] Alice Smith\nmerged", "10:22", "Alice Smith: merged"),
    ("alice — Today at 10:22 AM\nmerged", "10:22", "alice: merged"),
    ("alice — 03/14/2023 10:22 AM\nmerged", "2023-03-14 10:22", "alice: merged"),
    ("[14/03/2023, 10:22:05] Alice: merged", "2023-03-14 10:22:05", "Alice: merged"),
    ("3/14/23, 10:22 AM - Alice: merged", "2023-03-14 10:22", "Alice: merged"),
    ("张三 10:22\n重启", "10:22", "张三: 重启"),
    ("PagerDuty APP  10:22 AM\nTriggered", "10:22", "PagerDuty: Triggered"),
    ("| 10:22 | Alert fired |", "10:22", "Alert fired"),
    ("| 2024-06-15 | 10:22 | Alert | link |", "2024-06-15 10:22", "Alert | link"),
    ("* [10:30] **Alert fired**", "10:30", "**Alert fired**"),
    ("- **10:30 UTC**: Alert", "10:30 UTC", "Alert"),
    ("**10:30 – Alert**: fired", "10:30", "**Alert**: fired"),
    ("2024-06-15T01:22:05Z started", "2024-06-15 01:22:05 UTC", "started"),
    ("2024-06-15 01:22 -05:00 started", "2024-06-15 01:22 -05:00", "started"),
    ("2022-02-?? ??:?? began", "2022-02 (2022-02-?? ??:??)", "began"),
    ("10:22–10:40 rolled back", "10:22 (10:22–10:40)", "rolled back"),
    ("7pm deploy", "19:00", "deploy"),
    ("下午3点半 重启", "15:30", "重启"),
    ("~10:22 Europe/Berlin deploy", "~10:22 Europe/Berlin", "deploy"),
    ("10:22 CET deploy", "10:22 +01:00 (10:22 CET)", "deploy"),
    ("2024-06-15: quiet", "2024-06-15", "quiet"),
    ("10:22 Root cause: found", "10:22", "Root cause: found"),
    ("10:22 Update: better", "10:22", "Update: better"),
    ("merged the PR", "", "merged the PR"),
    ("<alice> merged", "", "alice: merged"),
    ("March 14 releases were fine", "", "March 14 releases were fine"),
]


@pytest.mark.parametrize(("text", "when", "words"), FORMS)
def test_a_line_is_read_in_the_form_it_has(text, when, words):
    assert shown(text, keep_names=True) == [(when, words)]


def test_days_and_zones_come_from_headings():
    text = "### 2024-06-15 (UTC)\n* [10:30] A\n---- Today ----\nMarch 14, 2025\n11:00 B"

    pasted = entries_of(text)

    assert shown(text) == [("2024-06-15 10:30 UTC", "A"), ("2025-03-14 11:00 UTC", "B")]
    assert pasted.left_out == ("### 2024-06-15 (UTC)", "---- Today ----", "March 14, 2025")


def test_a_table_header_gives_the_zone():
    text = "| Time (UTC) | Event |\n|---|---|\n| 10:22 | A |"

    assert shown(text, day="2024-06-15") == [("2024-06-15 10:22 UTC", "A")]


def test_a_clock_that_starts_again_is_the_next_day():
    text = "23:50 a\n00:10 b\n23:59 late\n00:20 c"

    assert [when for when, _text in shown(text, day="2024-02-28")] == [
        "2024-02-28 23:50",
        "2024-02-29 00:10",
        "2024-02-28 23:59",
        "2024-02-29 00:20",
    ]
    assert codes(text) == [[], ["next-day"], ["backwards"], ["next-day"]]


def test_a_small_step_backwards_stays_on_the_day_and_is_pointed_out():
    text = "10:30 a\n10:22 b\n10:31 c"

    assert [when for when, _text in shown(text, day="2024-02-28")] == [
        "2024-02-28 10:30",
        "2024-02-28 10:22",
        "2024-02-28 10:31",
    ]
    assert codes(text) == [[], ["backwards"], []]


def test_a_zone_in_a_line_holds_for_the_lines_below_it_and_is_said():
    pasted = entries_of("10:22 CET a\n10:30 b", day="2024-06-15")

    assert [entry.when.zone for entry in pasted.entries] == ["+01:00", "+01:00"]
    assert [item.code for item in pasted.notices] == ["zone-offset", "zone-carried"]
    assert "CET" in pasted.notices[0].sentence


@pytest.mark.parametrize(
    ("zone", "stored", "codes"),
    [("Europe/Berlin", "Europe/Berlin", []), ("nowhere", "", ["unknown-zone", "no-zone"])],
)
def test_a_given_zone_holds_where_the_paste_says_none(zone, stored, codes):
    pasted = entries_of("10:22 a", day="2024-06-15", zone=zone)

    assert pasted.entries[0].when.zone == stored
    assert [item.code for item in pasted.notices] == codes


def test_an_ambiguous_day_follows_an_unambiguous_one_of_the_same_paste():
    text = "[14/03/2023, 10:22] A b\n[03/04/2023, 10:22] C d"

    assert shown(text)[1][0] == "2023-04-03 10:22"
    assert codes("[03/04/2023, 10:22] C d") == [["ambiguous-day"]]


def test_relative_times_follow_the_entry_they_are_counted_from():
    text = "T0 deploy\nT+5 alert\n+2 min looked\nabout 3 min later: fixed"

    assert [when for when, _text in shown(text, first=4)] == [
        "(T0)",
        "after t4 + 5 min (T+5)",
        "after t5 + 2 min (+2 min)",
        "~after t6 + 3 min (about 3 min later)",
    ]


def test_lines_without_a_time_belong_to_the_entry_above():
    assert shown("10:22 a\n\nmore\n  and more\n10:30 b") == [
        ("10:22", "a\n\nmore\nand more"),
        ("10:30", "b"),
    ]


def test_times_within_a_block_of_code_begin_no_entry():
    text = "10:22 logs\n```\n10:23 ERROR\n```\n10:30 b"

    assert shown(text) == [("10:22", "logs\n```\n10:23 ERROR\n```"), ("10:30", "b")]


def test_people_become_roles_everywhere():
    text = "[10:22] alice: @bob look\n[10:23] bob: Alice's fix works, ask @carol\n[10:24] Al: ok"

    pasted = entries_of(text)

    assert [entry.text for entry in pasted.entries] == [
        "responder A: responder B look",
        "responder B: responder A's fix works, ask responder D",
        "responder C: ok",
    ]
    assert list(pasted.people) == ["alice", "bob", "Al", "carol"]


@pytest.mark.parametrize(
    "words",
    [
        "@here look",
        "@sre-team look",
        "mail a@example.com",
        "npm @angular/core",
        "alice.example.com is up",
        "/home/alice/x",
    ],
)
def test_groups_packages_and_addresses_are_no_people(words):
    assert shown(f"10:22 <alice> {words}")[0][1] == f"responder A: {words}"


def test_names_stay_when_they_are_kept():
    pasted = entries_of("[10:22] alice: @bob look", keep_names=True)

    assert pasted.entries[0].text == "alice: @bob look"
    assert not pasted.people


def test_a_chinese_name_is_replaced_within_a_text():
    text = "张三 10:22\n重启\n李四 10:30\n张三已恢复"

    assert shown(text)[1][1] == "responder B: responder A已恢复"


KINDS = [
    ("alert fired", "detect"),
    ("PagerDuty paged the service", "detect"),
    ("收到告警", "detect"),
    ("rolled back the deploy", "action"),
    ("重启了服务", "action"),
    ("Restart did not help", "failed-attempt"),
    ("rollback failed", "failed-attempt"),
    ("回滚失败", "failed-attempt"),
    ("mitigated by a feature flag", "mitigate"),
    ("Incident resolved", "recover"),
    ("服务恢复", "recover"),
    ("not resolved yet", "context"),
    ("hasn't recovered", "context"),
    ("escalated to the database team", "escalate"),
    ("升级给数据库团队", "escalate"),
    ("deployed v2", "trigger"),
    ("升级集群到 1.24", "trigger"),
    ("root cause identified", "learn"),
    ("**Discovery:** a customer calls", "detect"),
    ("should we roll back?", "context"),
    ("coffee", "context"),
]


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_the_kind_is_guessed_from_the_words(text, kind):
    assert kind_of(text) == kind


def test_a_change_after_something_was_noticed_is_an_action():
    pasted = entries_of("10:22 deployed v2\n10:25 alert\n10:30 deployed v3")

    assert [entry.kind for entry in pasted.entries] == ["trigger", "detect", "action"]


def test_what_does_not_fit_is_split_or_kept_as_rest():
    long = entries_of("10:22 " + "word " * LINE_LENGTH)
    many = entries_of("10:22 a\n" * (ITEMS + 5))

    assert "".join(entry.text for entry in long.entries).count("word") == LINE_LENGTH
    assert max(len(entry.text) for entry in long.entries) <= LINE_LENGTH
    assert (len(many.entries), many.rest.count("10:22 a")) == (ITEMS, 5)


def test_lines_behind_what_fits_are_not_read():
    text = "03/04/2023 10:22 <alice> a\n" * 6 + "14/03/2023 10:22 <zoe> b\n" * 2

    pasted = entries_of(text, most=4)

    assert list(pasted.people) == ["alice"]
    assert codes(text, most=4)[0] == ["ambiguous-day"]
    assert pasted.rest.splitlines() == text.splitlines()[4:]


@pytest.mark.parametrize(
    "line", ["10:22 a", "a", "10:22 a\nmore", "2024-06-15\n10:22 a", "Al Green\n10:22 PM\na"]
)
@pytest.mark.parametrize("count", [3, 4, 5, 9])
def test_every_line_is_an_entry_or_in_the_rest(line, count):
    text = "\n\n".join([line] * count)

    pasted = entries_of(text, most=4, keep_names=True)
    more = entries_of(pasted.rest, most=99, keep_names=True)

    together = [*pasted.entries, *more.entries]
    assert len(pasted.entries) == min(count, 4)
    assert [entry.text for entry in together] == [
        entry.text for entry in entries_of(text, most=99, keep_names=True).entries
    ]


PIECES = st.sampled_from(
    [
        "10:22",
        "[",
        "]",
        "alice",
        ": ",
        "<bob>",
        "\n",
        " ",
        "  ",
        "|",
        "T+5",
        "2024-06-15",
        "UTC",
        "??",
        "**",
        "- ",
        "3/4/2023",
        "AM",
        "张三",
        "@bob",
        "```",
        "+2 min",
        "CST",
        "≤",
        "~",
        "2199-12-31",
    ]
)
PASTES = st.lists(PIECES, max_size=40).map("".join) | st.text()


@given(PASTES, st.sampled_from(["", "2024-02-28", "x", "2199-12-31"]), st.booleans())
def test_any_paste_makes_entries_that_can_be_stored(text, day, keep_names):
    pasted = entries_of(text, day=day, zone="UTC", keep_names=keep_names)

    timeline = tuple(entry.as_entry() for entry in pasted.entries)
    assert check(Document(title="x", timeline=timeline)) == []
    assert {entry.kind for entry in timeline} <= set(ENTRY_KINDS)


def test_two_thousand_lines_are_all_read():
    text = "\n".join(f"[10:{i % 60:02}] u{i % 9}: @bob restart node-{i}" for i in range(2_000))
    assert len(entries_of(text).entries) == 2_000


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        " ",
        "*",
        "|",
        "\n",
        "10:22 ",
        "10:22 a\n",
        "<u> a\n",
        "```\n",
        "张三",
        "@a",
        "| 10:22 | x |\n",
    ],
)
def test_hostile_pastes_take_linear_time(piece):
    entries_of(piece * (20_000 if "\n" in piece else 500_000 // len(piece)))


@pytest.mark.parametrize(
    "line",
    [
        "10:22 jane@corp.com: it is down",
        "[10:22] <jane@corp.com> it is down",
        "jane@corp.com 10:22\nit is down",
        "10:22\tjane@corp.com\tit is down",
    ],
)
def test_a_speaker_by_mail_address_gets_a_role(line):
    pasted = entries_of(line)

    assert [entry.text for entry in pasted.entries] == ["responder A: it is down"]
    assert pasted.people == {"jane@corp.com": "responder A"}


def test_who_speaks_by_mail_address_has_that_role_in_every_line():
    pasted = entries_of("10:22 jane@corp.com: down\n10:25 bob: ask jane@corp.com or ops@corp.com")

    assert pasted.entries[1].text == "responder B: ask responder A or ops@corp.com"
