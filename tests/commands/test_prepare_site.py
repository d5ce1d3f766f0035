"""What `make run` does before it serves: everything once, and then nothing."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from postmortems import authoring, content
from postmortems.models import AuditEntry, Membership, Postmortem, User
from postmortems.search import search
from tests.makers import SEEDS

COUNT = len(list(SEEDS.glob("*.md")))
ACCOUNTS = (
    "Accounts, all with the password hindsight-demo: alice writes, bob reviews, charlie is in "
    "another team, dana administers."
)


@pytest.fixture
def prepare(db, capsys):
    """Runs the command and gives back the lines that it printed."""

    def run(**options):
        call_command("prepare_site", **options)
        return capsys.readouterr().out.splitlines()

    return run


def test_the_first_run_says_what_it_did(prepare):
    assert prepare() == [
        "Vocabularies: 0 new, 0 changed.",
        "Templates: 4 new, 0 changed.",
        "Accounts: 4 made.",
        f"Incidents: {COUNT} new, 0 changed.",
        ACCOUNTS,
    ]


def test_the_second_run_does_nothing(prepare):
    prepare()
    acts = AuditEntry.objects.count()

    assert prepare() == ["Everything is as it should be.", ACCOUNTS]
    assert prepare(quiet_when_current=True) == [ACCOUNTS]
    assert AuditEntry.objects.count() == acts


def test_the_incidents_are_public_published_and_found(prepare):
    prepare()

    published = Postmortem.objects.published().filter(visibility="public", team__slug="platform")
    assert published.count() == COUNT
    assert search("skyscanner", {}, AnonymousUser()).hits[0].slug == "skyscanner-missing-braces"


def test_the_demonstration_accounts_have_their_roles(prepare):
    prepare()

    roles = Membership.objects.values_list("user__username", "team__slug", "role")
    dana = User.objects.get(username="dana")
    assert set(roles) == {
        ("alice", "platform", "author"),
        ("bob", "platform", "reviewer"),
        ("charlie", "payments", "author"),
    }
    assert (dana.is_administrator, dana.is_curator) == (True, True)
    assert all(
        user.check_password("hindsight-demo") for user in User.objects.exclude(username="system")
    )


def test_what_people_changed_stays_through_another_start(prepare):
    prepare()
    alice, dana = User.objects.get(username="alice"), User.objects.get(username="dana")
    edited, hidden = Postmortem.objects.order_by("import_id")[:2]
    document = replace(content.read(edited), title="Better title")
    authoring.edit(edited, document, by=alice, revision=edited.revision)
    authoring.change_envelope(hidden, by=dana, visibility="team")

    assert prepare(quiet_when_current=True) == [ACCOUNTS]
    edited.refresh_from_db()
    hidden.refresh_from_db()
    assert (edited.title, hidden.visibility) == ("Better title", "team")


def test_a_changed_password_stays(prepare):
    prepare()
    alice = User.objects.get(username="alice")
    alice.set_password("my own words")
    alice.save()

    prepare()

    assert User.objects.get(username="alice").check_password("my own words")


def test_production_gets_neither_accounts_nor_incidents(prepare, settings):
    settings.MODE = "production"

    assert prepare() == ["Vocabularies: 0 new, 0 changed.", "Templates: 4 new, 0 changed."]
    assert not User.objects.exclude(username="system").exists()
    assert not Postmortem.objects.exists()
