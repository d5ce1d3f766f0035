"""A client that a public generator makes of the committed OpenAPI document works against a real server."""

import importlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from postmortems import accounts
from postmortems.api.description import FILE
from postmortems.models import Postmortem, SavedSearch, Team
from tests import makers

TOOLS = Path(sys.executable).parent


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """The package `made_client`, importable."""
    folder = tmp_path_factory.mktemp("client")
    command = [TOOLS / "openapi-python-client", "generate", "--meta", "none", "--path", FILE]
    done = subprocess.run(
        [*command, "--output-path", folder / "made_client"],
        env={**os.environ, "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}"},
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield importlib.import_module("made_client")
    sys.path.remove(str(folder))


@pytest.fixture
def ask(generated, transactional_db, live_server):
    """Calls an operation by tag and id as alice, and answers what it answers, read; `whole` with its headers."""
    alice = makers.make_user("alice", team=makers.make_team("platform"), role="reviewer")
    secret = accounts.create_token(alice, by=alice, scope="write")[1]
    client = generated.AuthenticatedClient(base_url=live_server.url, token=secret)

    def asked(tag: str, operation: str, *args, whole: bool = False, **options):
        module = importlib.import_module(f"made_client.api.{tag}.{operation}")
        answer = module.sync_detailed(*args, client=client, **options)
        return answer if whole else answer.parsed

    return asked


def model(name: str):
    return getattr(importlib.import_module("made_client.models"), name)


def types():
    return importlib.import_module("made_client.types")


def test_it_lists_what_is_there(ask):
    made = makers.make_postmortem(makers.make_document("Checkout cannot resolve its database"))

    found = ask("postmortems", "list_postmortems", page_size=5)

    assert [hit.title for hit in found.results] == ["Checkout cannot resolve its database"]
    assert (found.count, found.results[0].ref) == (1, made.ref)


def test_it_makes_and_changes(ask):
    new = model("SavedSearchFieldsRequest")(name="DNS", query="q=dns")
    patch = model("PatchedSavedSearchFieldsRequest")(name="Names")

    made = ask("saved_searches", "create_saved_search", body=new)
    changed = ask("saved_searches", "change_saved_search", made.ref, body=patch)

    assert (made.name, changed.name, changed.query) == ("DNS", "Names", "q=dns")
    assert SavedSearch.objects.get().name == "Names"


@pytest.fixture
def made(ask):
    """A postmortem that the client has made of its own classes."""
    entry = model("TimelineEntry")(
        id="t1",
        kind=model("TimelineEntryKind").DETECT,
        text="Orders fail.",
        when=model("Moment")(date="2024-05-02"),
    )
    new = model("PostmortemSentRequest")(
        title="Checkout cannot resolve its database",
        started=model("Moment")(date="2024-05-02", time="09:14", zone="UTC"),
        timeline=[entry],
        classifications=[model("Classification")(vocabulary="kind", term="stub")],
    )
    return ask("postmortems", "create_postmortem", body=new)


def tag_of(ask, ref: str) -> str:
    return ask("postmortems", "get_postmortem", ref, whole=True).headers["ETag"]


def test_it_makes_a_postmortem_and_reads_it(ask, made):
    read = ask("postmortems", "get_postmortem", made.ref)

    assert (read.title, read.started.time, read.status) == (made.title, "09:14", "draft")
    assert [(entry.kind, entry.when.date) for entry in read.timeline] == [("detect", "2024-05-02")]
    assert (read.to_dict(), type(read.url)) == (made.to_dict(), str)


def test_it_sends_back_what_it_has_read(ask, made):
    body = model("PostmortemSentRequest").from_dict(made.to_dict())

    same = ask(
        "postmortems", "replace_postmortem", made.ref, body=body, if_match=tag_of(ask, made.ref)
    )

    assert (same.title, same.version) == (made.title, made.version)


def test_a_patch_changes_what_it_says_and_nothing_else(ask, made):
    patch = model("PatchedPostmortemSentRequest")(
        summary="A resolver kept an old address.",
        started=model("PatchedMoment")(time=None, zone=None),
    )

    changed = ask(
        "postmortems", "patch_postmortem", made.ref, body=patch, if_match=tag_of(ask, made.ref)
    )

    assert (changed.summary, changed.title) == ("A resolver kept an old address.", made.title)
    assert changed.started.to_dict() == {"date": "2024-05-02"}
    assert len(changed.timeline) == 1


def test_a_patch_of_what_has_changed_since_is_a_problem(ask, made):
    patch = model("PatchedPostmortemSentRequest")(summary="Too late.")
    tag = tag_of(ask, made.ref)
    ask("postmortems", "patch_postmortem", made.ref, body=patch, if_match=tag)

    late = ask("postmortems", "patch_postmortem", made.ref, body=patch, if_match=tag)

    assert (type(late).__name__, late.status) == ("Problem", 412)


def test_it_publishes_and_finds_with_facets(ask):
    document = makers.make_document("Checkout cannot resolve its database", ("kind:stub",))
    made = makers.make_postmortem(document, status="in_review", team=Team.objects.get())

    approval = model("ApprovingRequest")(comment="Well told.")
    ask(
        "postmortems",
        "approve_postmortem",
        made.ref,
        body=approval,
        if_match=tag_of(ask, made.ref),
    )

    said = ask("postmortems", "publish_postmortem", made.ref, if_match=tag_of(ask, made.ref))

    found = ask("search", "search_postmortems", q="resolve")
    listed = ask("postmortems", "list_postmortems", q="resolve", facets="1")

    assert said.status == "published"
    assert [hit.ref for hit in found.results] == [hit.ref for hit in listed.results] == [made.ref]
    kinds = {facet.slug: facet for facet in listed.facets}["kind"]
    assert [(value.value, value.count) for value in kinds.values if value.count] == [("stub", 1)]


def test_it_tries_an_import(ask):
    record = model("PostmortemRecord")(title="Queue stood still", import_id="queue-1")

    tried = ask("imports", "create_import", body=record, dry_run=True)

    assert (tried.dry_run, tried.counts.created, tried.rows[0].outcome) == (True, 1, "created")
    assert not Postmortem.objects.exists()


def test_it_brings_in_a_file(ask):
    file = types().File(
        io.BytesIO(b'{"title": "Queue stood still", "import_id": "queue-1"}'), "queue.json"
    )
    form = model("ImportFormRequest")(file=file)

    done = ask("imports", "create_import", body=form)

    assert done.to_dict().get("errors", []) == []
    assert (done.counts.created, Postmortem.objects.get().title) == (1, "Queue stood still")


def test_it_deletes_one(ask, made):
    gone = ask(
        "postmortems", "delete_postmortem", made.ref, if_match=tag_of(ask, made.ref), whole=True
    )

    assert gone.status_code == 204
    assert ask("postmortems", "get_postmortem", made.ref).status == 404


def test_it_reads_a_problem_as_one(ask):
    problem = ask("saved_searches", "read_saved_search", "nothing9")

    assert type(problem).__name__ == "Problem"
    assert (problem.status, problem.title) == (404, "Nothing at this address")
