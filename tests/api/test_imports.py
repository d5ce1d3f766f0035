"""/api/v1/imports/: many at once, tried first, told row by row, repeated safely, taken back."""

import json

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from postmortems import accounts, authoring, content
from postmortems.models import AuditEntry, Import, Postmortem
from tests.exchange.files import file
from tests.makers import make_document, make_postmortem

ADDRESS = "/api/v1/imports/"


@pytest.fixture
def tool(system):
    """A client with a token: `tool(alice, "write")`."""

    def made(user, scope="write") -> Client:
        _token, secret = accounts.create_token(user, by=system, scope=scope, name="t", days=None)
        return Client(headers={"Authorization": f"Bearer {secret}"})

    return made


def record(import_id="a", **more):
    """A postmortem as JSON."""
    return {"import_id": import_id, "title": "Outage", **more}


def send(client, data, media="application/json", query="", **headers):
    """The answer to a body of that media type."""
    body = data if isinstance(data, bytes | str) else json.dumps(data)
    return client.post(f"{ADDRESS}{query}", body, content_type=media, headers=headers)


BODIES = [
    ("application/json", json.dumps([record("a"), record("b")])),
    ("application/x-ndjson", f"{json.dumps(record('a'))}\n\n{json.dumps(record('b'))}\n"),
    ("text/markdown", file("a")[1]),
]


@pytest.mark.parametrize(("media", "body"), BODIES)
def test_each_format_comes_in(tool, alice, media, body):
    answer = send(tool(alice), body, media)

    made = list(Postmortem.objects.order_by("import_id").values_list("import_id", flat=True))
    assert answer.status_code == 201
    assert [row["import_id"] for row in answer.json()["rows"]] == made
    assert made in (["a"], ["a", "b"])


def test_under_a_key_no_less_is_taken_than_without(tool, alice):
    client = tool(alice)
    long = json.dumps([record("a")]) + " " * settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    answers = [send(client, long, Idempotency_Key="long") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert Import.objects.count() == 1


def test_a_form_may_hold_several_files(tool, alice):
    sent = [SimpleUploadedFile(*file(name)) for name in ("a", "b")]

    answer = tool(alice).post(ADDRESS, {"file": sent})

    assert answer.json()["counts"] == {"created": 2, "updated": 0, "unchanged": 0, "problem": 0}
    assert [row["file"] for row in answer.json()["rows"]] == ["a.md", "b.md"]


def test_the_answer_is_what_reading_gives(tool, alice):
    client = tool(alice)

    answer = send(client, [record("a"), {"import_id": "b"}])

    postmortem = Postmortem.objects.get()
    assert client.get(answer["Location"]).json() == answer.json()
    (row, bad) = answer.json()["rows"]
    assert (row["ref"], row["url"]) == (postmortem.ref, postmortem.get_absolute_url())
    assert bad["outcome"] == "problem"
    assert bad["problems"][0]["key"] == "/title"
    (listed,) = client.get(ADDRESS).json()["results"]
    assert listed == {name: value for name, value in answer.json().items() if name != "rows"}


def test_a_dry_run_says_the_same_and_keeps_nothing(tool, alice):
    client = tool(alice)
    bodies = [record("a"), record("b", started="yesterday"), record("c")]

    dry = send(client, bodies, query="?dry_run=1")
    wet = send(client, bodies)

    assert (dry.status_code, wet.status_code) == (200, 201)
    assert dry.json()["counts"] == wet.json()["counts"]
    assert [row["outcome"] for row in dry.json()["rows"]] == ["created", "problem", "created"]
    assert Import.objects.count() == 1


@pytest.mark.parametrize("name", ["nobody", "A" * 70_000, "a\0b", "%"])
def test_people_without_an_account_are_a_problem_of_their_row(tool, alice, name):
    answer = send(tool(alice), [record("a", authors=[name])])

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"].startswith("/rows/0/authors")
    assert len(answer.content) < 2_000


@pytest.mark.parametrize("said", ["null", "tru", "", "yes", "2"])
def test_a_misspelt_dry_run_brings_nothing_in(tool, alice, said):
    answer = send(tool(alice), [record("a")], query=f"?dry_run={said}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/dry_run"
    assert not Postmortem.objects.exists()


@pytest.mark.parametrize(
    ("said", "status"), [("true", 200), ("1", 200), ("false", 201), ("0", 201)]
)
def test_a_dry_run_is_said_in_four_ways(tool, alice, said, status):
    assert send(tool(alice), [record("a")], query=f"?dry_run={said}").status_code == status


def test_what_is_known_is_updated_or_left(tool, alice):
    client = tool(alice)
    send(client, [record("a"), record("b")])

    answer = send(client, [record("a", summary="More."), record("b")])

    assert [row["outcome"] for row in answer.json()["rows"]] == ["updated", "unchanged"]
    assert content.read(Postmortem.objects.get(import_id="a")).summary == "More."


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("application/json", "[" * 100_000),
        ("application/json", '{"title": ' + "9" * 5_000 + "}"),
        ("application/json", "{"),
        ("application/json", ""),
        ("application/json", "[]"),
        ("application/json", '"text"'),
        ("application/json", '[{"title": "\\ud800", "import_id": "a"}]'),
        ("application/x-ndjson", b"\xff\n"),
        ("text/markdown", b"---\n" + b"[" * 10_000),
        ("text/markdown", b"---\na: &a [x]\nb: *a\n---\n"),
        ("text/markdown", b"---\na: !!python/object/apply:os.system [ls]\n---\n"),
        ("application/zip", b"PK\x03\x04 broken"),
        ("application/zip", b"none"),
    ],
)
def test_what_cannot_be_read_is_a_problem_document(tool, alice, media, body):
    answer = send(tool(alice), body, media)

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"]
    assert not Postmortem.objects.exists()


def test_names_that_no_database_holds_are_told(tool, alice):
    answer = send(
        tool(alice), [record("a"), record("b", **{"x\0y" * 200: 1, "sections": {"\0": "x"}})]
    )

    assert answer.status_code == 201
    assert answer.json()["rows"][1]["problems"][0]["key"].startswith("/xyxy")


def test_another_media_type_is_refused(tool, alice):
    assert send(tool(alice), "x", "text/plain").status_code == 415


def test_a_team_is_chosen_by_its_slug(tool, alice, payments, system):
    client = tool(alice)
    accounts.add_member(payments, alice, role="author", by=system)

    send(client, [record("a")], query="?team=payments")

    assert Postmortem.objects.get().team == payments
    refused = send(client, [record("b")], query="?team=nobody")
    assert refused.json()["errors"][0]["pointer"] == "/team"


def test_a_key_stands_for_one_import(tool, alice):
    client, key = tool(alice), {"Idempotency-Key": "one"}

    first = send(client, [record("a")], **key)
    again = send(client, [record("a")], **key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert Import.objects.count() == 1
    assert send(client, [record("b")], **key).status_code == 422


def test_an_import_that_was_interrupted_is_finished_under_its_key(tool, alice):
    client, key = tool(alice), {"Idempotency-Key": "one"}
    bodies = [record(f"r{number:03}") for number in range(150)]
    first = send(client, bodies, **key).json()
    batch = Import.objects.get()
    # As a kill between the two hundreds leaves it.
    late = batch.rows.filter(position__gte=100)
    Postmortem.objects.filter(pk__in=late.values("postmortem")).delete()
    late.delete()
    Import.objects.update(finished_at=None)

    again = send(client, bodies, **key).json()

    assert [row["ref"] for row in again["rows"]] == [row["ref"] for row in first["rows"]]
    assert again["counts"]["created"] == Postmortem.objects.count() == 150


def test_an_import_is_taken_back_once(tool, alice):
    client = tool(alice)
    old = make_postmortem(make_document("Before"), team=alice.teams.get(), status="draft")
    before = content.read(old)
    made = send(client, [record("a"), record(old.ref, title="After"), record("c")]).json()
    changed = Postmortem.objects.get(import_id="c")
    authoring.edit(changed, make_document("Changed"), by=alice, revision=1)

    address = f"{ADDRESS}{made['ref']}/undo/"
    undone = client.post(address).json()

    assert [row["undone"] for row in undone["rows"]] == ["binned", "restored", "changed"]
    assert content.read(Postmortem.objects.get(pk=old.pk)) == before
    assert set(Postmortem.objects.live().values_list("import_id", flat=True)) == {"", "c"}
    assert client.post(address).json() == undone
    assert AuditEntry.objects.filter(action="undo-import").count() == 1


def test_the_envelope_comes_back_too(tool, dana, alice, platform):
    client = tool(dana)
    old = make_postmortem(team=platform, import_id="a", status="draft", authors=(alice,))
    body = record("a", status="published", visibility="internal", authors=["dana"])
    made = send(client, [{**body, "classifications": [{"vocabulary": "kind", "term": "stub"}]}])

    client.post(f"{ADDRESS}{made.json()['ref']}/undo/")

    stored = Postmortem.objects.get(pk=old.pk)
    assert (stored.status, stored.visibility) == ("draft", "public")
    assert list(stored.authors.all()) == [alice]


def test_nobody_else_is_told_of_an_import(tool, alice, charlie, dana):
    ref = send(tool(alice), [record("a")]).json()["ref"]

    for user in (charlie, dana):
        client = tool(user)
        assert client.get(f"{ADDRESS}{ref}/").status_code == 404
        assert client.post(f"{ADDRESS}{ref}/undo/").status_code == 404
        assert client.get(ADDRESS).json()["count"] == 0
    assert Client().get(ADDRESS).json()["count"] == 0


def test_who_may_not_write_brings_nothing_in(tool, alice, platform, system):
    reader = accounts.create_user("eve", by=system)
    accounts.add_member(platform, reader, role="reader", by=system)

    assert send(tool(reader), [record("a")]).status_code == 403
    assert send(tool(alice, "read"), [record("a")]).status_code == 403
    assert send(Client(), [record("a")]).status_code == 401
    assert send(tool(alice), [record("a", team="payments")]).status_code == 400
