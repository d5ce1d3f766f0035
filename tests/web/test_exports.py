"""The whole result as a file: the order of the pages, nothing hidden, no formula, bounded memory."""

import csv
import io
import json
from itertools import islice

import pytest
from django.contrib.auth.models import AnonymousUser

from postmortems import attachments, authoring
from postmortems.durations import Duration
from postmortems.exchange import csv_file
from postmortems.models import Postmortem, User
from postmortems.moments import Moment
from postmortems.search import whole
from tests import pictures
from tests.makers import make_document, make_postmortem, make_team
from tests.search.asking import order

VISITOR = AnonymousUser()


def sent(response) -> str:
    return b"".join(response.streaming_content).decode()


def table(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sent(response).removeprefix("\ufeff"))))


def make_many(count: int) -> None:
    """Many postmortems through the verb, a hundred a transaction."""
    team = make_team("platform")
    starts = [
        authoring.Start(
            document=make_document(f"Walrus {number}", terms=("kind:stub",)),
            team=team,
            visibility="public",
            status="published",
        )
        for number in range(count)
    ]
    for first in range(0, count, 100):
        authoring.create_many(starts[first : first + 100], by=User.objects.system())


@pytest.fixture
def walrus(db) -> Postmortem:
    return make_postmortem(
        make_document(
            "Walrus; 海象, “dead”",
            terms=(
                *("cause.primary:network/dns", "cause.contributing:time"),
                *("severity:sev2", "tier:prod", "trigger:upgrade", "kind:outage"),
            ),
            started=Moment("2023-03-14", "19:00", "UTC", text="just after 19:00"),
            resolved=Moment("2023-03-15", bound="not-after"),
            duration=Duration(18_840, "approximate"),
        )
    )


def test_a_row_has_everything_as_it_is_known(browse, walrus):
    response = browse().get("/export/?format=csv&q=walrus")

    (row,) = table(response)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert (
        row.items()
        >= {
            "ref": walrus.ref,
            "title": "Walrus; 海象, “dead”",
            "url": f"http://testserver{walrus.get_absolute_url()}",
            "status": "published",
            "visibility": "public",
            "team": "platform",
            "language": "en",
            "severity": "sev2",
            "tier": "prod",
            "started": "2023-03-14 19:00 UTC (just after 19:00)",
            "resolved": "≤ 2023-03-15",
            "duration": "~5 h 14 min",
            "duration_seconds": "18840",
            "duration_kind": "approximate",
            "cause": "network/dns; time",
            "trigger": "upgrade",
        }.items()
    )


def test_what_is_not_recorded_is_empty(browse, db):
    make_postmortem()

    (row,) = table(browse().get("/export/?format=csv"))

    assert {row[name] for name in ("started", "resolved", "duration", "duration_seconds")} == {""}


def test_a_spreadsheet_is_told_the_encoding_and_a_name(browse, walrus):
    response = browse().get("/export/?format=csv")

    assert sent(response).startswith("\ufeffref,title,")
    disposition = response["Content-Disposition"]
    assert disposition.startswith('attachment; filename="postmortems-20')
    assert disposition.endswith('.csv"')


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_can_be_a_formula(start):
    assert csv_file.defused(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"
    assert csv_file.defused(f"a{start}") == f"a{start}"


def test_a_title_that_is_a_formula_is_defused_in_the_file(browse, db):
    make_postmortem(make_document('=HYPERLINK("http://evil.example","x")'))

    (row,) = table(browse().get("/export/?format=csv"))

    assert row["title"] == '\'=HYPERLINK("http://evil.example","x")'


def test_the_json_file_is_the_one_of_the_api(browse, walrus):
    make_postmortem()
    client = browse()

    exported = sent(client.get("/export/?format=json&q=walrus"))

    assert exported == sent(client.get("/api/v1/exports/?format=json&q=walrus"))
    assert [item["title"] for item in json.loads(exported)] == [walrus.title]


@pytest.mark.parametrize(("wanted", "rows"), [("csv", []), ("json", [])])
def test_an_empty_result_is_a_file_without_rows(browse, db, wanted, rows):
    response = browse().get(f"/export/?format={wanted}&q=nothing")

    assert (json.loads(sent(response)) if wanted == "json" else table(response)) == rows


@pytest.mark.parametrize("params", [{}, {"q": "walrus"}, {"q": "walrus", "sort": "severity"}])
def test_a_thousand_come_in_the_order_of_the_pages(browse, db, params):
    make_many(1_050)

    refs = [row["ref"] for row in table(browse().get("/export/", {**params, "format": "csv"}))]

    rest = {name: value for name, value in params.items() if name != "q"}
    paged = [ref for page in range(1, 12) for ref in order(params.get("q", ""), page=page, **rest)]
    assert len(refs) == len(set(refs)) >= 1_050
    assert refs == paged


def test_equal_scores_are_ordered_by_ref(db):
    make_many(30)

    refs = [record.hit.ref for record in whole.whole_result("", {"sort": "relevance"}, VISITOR)]

    assert refs == order("", sort="relevance")


def test_a_file_is_read_in_batches(db, django_assert_num_queries):
    make_many(450)
    records = whole.whole_result("walrus", {}, VISITOR)

    with django_assert_num_queries(0):
        first = list(islice(records, whole.BATCH))
    with django_assert_num_queries(2):
        rest = list(records)

    assert (len(first), len(rest)) == (whole.BATCH, 250)


def test_nothing_hidden_is_in_a_file(browse, alice, charlie, platform):
    make_postmortem(make_document("Open"))
    make_postmortem(make_document("Ours"), team=platform, visibility="team")
    make_postmortem(make_document("Hers"), visibility="restricted", authors=(alice,))
    make_postmortem(make_document("Draft"), team=platform, status="draft")

    for wanted in ("csv", "json"):
        address = f"/export/?format={wanted}"
        assert sent(browse().get(address)) == sent(browse(charlie).get(address))
        for title in ("Ours", "Hers", "Draft"):
            assert title not in sent(browse().get(address))
            assert title in sent(browse(alice).get(address))


def test_a_file_is_the_same_with_and_without_what_is_hidden(browse, alice):
    make_many(3)
    before = [sent(browse().get(f"/export/?format={wanted}")) for wanted in ("csv", "json")]

    make_postmortem(make_document("Walrus 2"), visibility="restricted", authors=(alice,))

    after = [sent(browse().get(f"/export/?format={wanted}")) for wanted in ("csv", "json")]
    assert after == before


def test_what_is_hidden_while_a_file_is_written_is_not_in_it(db, system):
    make_many(whole.BATCH + 50)
    records = whole.whole_result("walrus", {}, VISITOR)
    first = [record.hit.ref for record in islice(records, whole.BATCH)]
    late = Postmortem.objects.exclude(ref__in=first).filter(title__startswith="Walrus").first()

    authoring.change_envelope(late, by=system, visibility="restricted")
    make_postmortem(make_document("Walrus 1000"))

    rest = [record.hit.ref for record in records]
    assert late.ref not in rest
    assert (len(rest), len({*first, *rest})) == (49, whole.BATCH + 49)


def test_the_page_offers_each_format_and_keeps_the_search(browse, walrus):
    page = browse().get("/export/?q=walrus&cause=network/dns&page=3").text

    assert "Export 1 postmortem<" in page
    assert 'href="/export/?format=csv&amp;q=walrus&amp;cause=network/dns"' in page
    for wanted in ("json", "ndjson", "markdown"):
        assert f'name="format" value="{wanted}"' in page
    for name, value in (("q", "walrus"), ("cause", "network/dns"), ("files", "0")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in page
    assert "Root cause: DNS" in page


def test_a_ticked_box_brings_the_files_along(browse, walrus, system):
    attachments.add(walrus, pictures.upload(), by=system)
    address = "/export/?format=ndjson&files=0"

    assert b'"base64"' not in browse().get(address).getvalue()
    assert b'"base64"' in browse().get(f"{address}&files=1").getvalue()


def test_a_format_that_is_not_there_is_a_notice(browse, walrus):
    assert "There is no such format" in browse().get("/export/?format=xlsx").text


def test_asking_for_the_head_sends_nothing(browse, walrus):
    response = browse().head("/export/?format=csv")

    assert (response.status_code, sent(response)) == (200, "")


def test_odd_queries_are_files_too(browse, walrus):
    for query in ("q=%00%ff", "sort=moon", "page=x", "cause=-", "q=%22%28", "q=-walrus", "q=wal*"):
        assert sent(browse().get(f"/export/?format=json&{query}")).endswith("]\n")


def test_where_nothing_matches_no_file_is_offered(browse, walrus):
    page = browse(None).get("/export/?q=zzzzqq").text

    assert "There is nothing to export" in page
    assert "format=csv" not in page
