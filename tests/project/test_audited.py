"""Every function that acts for somebody writes its rows of the audit log, and writes them in its transaction.

The functions are found in the code: those that take `by` by name. A new one needs a line here.
"""

import inspect
import pkgutil
import re
import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from importlib import import_module
from pathlib import Path

import pytest
from django.db import transaction

import postmortems
from postmortems import (
    accounts,
    attachments,
    authoring,
    bin,
    body_templates,
    curation,
    duplicating,
    feed_secrets,
    following,
    reading_lists,
    recurring,
    restoring,
    reviews,
    saved_searches,
    saving,
    shelving,
    similar_pairs,
    trackers,
)
from postmortems.actions import marking
from postmortems.exchange import import_undo, importing, imports
from postmortems.exchange.vocabularies import load_vocabularies
from postmortems.models import (
    AuditEntry,
    FeedSecret,
    Import,
    ReadingList,
    SavedSearch,
    TermSuggestion,
    Tracker,
    User,
)
from postmortems.moments import Moment
from postmortems.notifications import preferences
from postmortems.reviews import rules
from postmortems.web.audit_words import ACTIONS
from taxonomy import lookup, vocabulary
from taxonomy.models import Term
from tests import pictures
from tests.makers import (
    SEEDS,
    make_document,
)
from tests.project import audited_people
from tests.project.audited_parts import PARTS
from tests.project.audited_world import World, add_template, file, make_world, template
from tests.standing import standing

ROOT = Path(postmortems.__file__).parent
DOORS = ("api", "management", "migrations", "mcp", "templatetags", "web", "wsgi")


def edited(world: World) -> None:
    """A new title."""
    postmortem = world.postmortem("wrtten01")
    authoring.edit(postmortem, make_document("Otter"), by=world.alice, revision=2)


def load_one_template(world: World) -> None:
    """All that the product comes with, of which one is missing."""
    template("defect").delete()
    text = (ROOT.parent / "fixtures" / "body_templates.yaml").read_text()
    body_templates.load_shipped(text, by=world.dana)


# Each act, and the rows it writes: one for every object that it changes.
Act = Callable[[World], object]
ACTS: dict[str, tuple[Act, list[str]]] = {
    "accounts.create_user": (lambda w: accounts.create_user("eve", by=w.dana), ["create"]),
    "accounts.create_team": (lambda w: accounts.create_team("web", by=w.dana), ["create"]),
    "accounts.add_member": (
        lambda w: accounts.add_member(w.alice.teams.get(), w.dana, role="lead", by=w.dana), ["add-member"]),
    "accounts.revoke_token": (
        lambda w: accounts.revoke_token(accounts.create_token(w.alice, by=w.alice)[0], by=w.alice),
        ["create", "revoke"]),
    "accounts.create_token": (lambda w: accounts.create_token(w.alice, by=w.alice), ["create"]),
    "notifications.preferences.choose_mail": (
        lambda w: preferences.choose_mail(w.alice, "never", by=w.alice), ["choose-mail"]),
    "authoring.create": (lambda w: authoring.create(make_document(), by=w.alice), ["create"]),
    "authoring.create_many": (
        lambda w: authoring.create_many(
            [authoring.Start(make_document(), team=w.alice.teams.get()) for _ in range(2)], by=w.alice),
        ["create", "create"]),
    "authoring.edit": (edited, ["edit"]),
    "reviews.asking.ask": (lambda w: reviews.ask(w.postmortem("draftpm1"), by=w.alice), ["ask-for-review"]),
    "reviews.asking.name_reviewers": (
        lambda w: reviews.name_reviewers(w.postmortem("draftpm1"), by=w.alice, reviewers=[w.bob]),
        ["name-reviewers"]),
    "reviews.asking.withdraw": (lambda w: reviews.withdraw(w.postmortem("revwed01"), by=w.alice), ["withdraw-review"]),
    "reviews.deciding.approve": (lambda w: reviews.approve(w.postmortem("revwed01"), 1, by=w.bob), ["approve"]),
    "reviews.deciding.approve_and_publish": (
        lambda w: reviews.approve_and_publish(w.postmortem("revwed01"), 1, by=w.bob), ["approve", "publish"]),
    "reviews.deciding.request_changes": (
        lambda w: reviews.request_changes(w.postmortem("revwed01"), 1, by=w.bob, comment="No."), ["ask-for-changes"]),
    "reviews.deciding.publish": (
        lambda w: reviews.publish(w.postmortem("draftpm1"), by=User.objects.system()), ["publish"]),
    "reviews.deciding.publish_imported": (
        lambda w: reviews.publish_imported(w.postmortem("draftpm1"), by=w.dana), ["publish"]),
    "reviews.comments.comment": (lambda w: reviews.comment(w.postmortem("revwed01"), "Why?", by=w.bob), ["comment"]),
    "reviews.comments.reply": (lambda w: reviews.reply(w.comment, "So.", by=w.alice), ["reply"]),
    "reviews.comments.edit_comment": (lambda w: reviews.edit_comment(w.comment, "So?", by=w.bob), ["edit-comment"]),
    "reviews.comments.delete_comment": (lambda w: reviews.delete_comment(w.comment, by=w.bob), ["delete-comment"]),
    "reviews.comments.settle": (lambda w: reviews.settle(w.comment, by=w.alice), ["settle-comment"]),
    "reviews.comments.reopen": (
        lambda w: reviews.reopen(reviews.settle(w.comment, by=w.alice), by=w.bob),
        ["settle-comment", "reopen-comment"]),
    "reviews.rules.change_rule": (
        lambda w: rules.change_rule("", by=w.dana, terms=lookup.current(), approvals=2, parts=[]),
        ["change-review-rule"]),
    "reviews.rules.restore_rule": (
        lambda w: rules.restore_rule("severity:sev5", by=w.dana), ["restore-review-rule"]),
    "authoring.change_envelope": (
        lambda w: authoring.change_envelope(w.postmortem("wrtten01"), by=w.alice, visibility="restricted"),
        ["change-envelope"]),
    "duplicating.duplicate": (lambda w: duplicating.duplicate(w.postmortem("wrtten01"), by=w.alice), ["create"]),
    "recurring.happened_again": (
        lambda w: recurring.happened_again(w.postmortem("wrtten01"), by=w.alice, started=Moment(date="2026-03-14")),
        ["create"]),
    "similar_pairs.confirm": (
        lambda w: similar_pairs.confirm(w.postmortem("pbshed01"), w.postmortem("archvd01"), by=w.alice), ["edit"]),
    "similar_pairs.unlink": (
        lambda w: similar_pairs.unlink(w.postmortem("pbshed01"), w.postmortem("samede01"), by=w.alice), ["edit"]),
    "similar_pairs.dismiss": (
        lambda w: similar_pairs.dismiss(w.postmortem("pbshed01"), w.postmortem("archvd01"), by=w.alice),
        ["dismiss-similar"]),
    "similar_pairs.bring_back": (
        lambda w: similar_pairs.bring_back(w.postmortem("pbshed01"), w.postmortem("dissmd01"), by=w.alice),
        ["bring-back-similar"]),
    "restoring.restore": (lambda w: restoring.restore(w.postmortem("wrtten01"), 1, by=w.alice, revision=2), ["edit"]),
    "shelving.archive": (lambda w: shelving.archive(w.postmortem("pbshed01"), by=w.alice), ["change-envelope"]),
    "shelving.unarchive": (lambda w: shelving.unarchive(w.postmortem("archvd01"), by=w.alice), ["unarchive"]),
    "bin.throw_away": (lambda w: bin.throw_away(w.postmortem("wrtten01"), by=w.alice), ["throw-away"]),
    "bin.restore": (lambda w: bin.restore(w.postmortem("thrwn001"), by=w.alice), ["restore"]),
    "bin.purge": (lambda w: bin.purge(w.postmortem("thrwn001"), by=w.dana), ["purge"]),
    "saved_searches.create": (
        lambda w: saved_searches.create(by=w.alice, name="Other", query="q=y", shared="private"), ["create"]),
    "saved_searches.change": (
        lambda w: saved_searches.change(SavedSearch.objects.get(), by=w.alice, name="Another"), ["change"]),
    "saved_searches.delete": (lambda w: saved_searches.delete(SavedSearch.objects.get(), by=w.alice), ["delete"]),
    "following.follow_term": (lambda w: following.follow_term(w.term("network/dns"), by=w.alice), ["follow"]),
    "following.follow_search": (
        lambda w: following.follow_search(SavedSearch.objects.get(), by=w.alice), ["follow"]),
    "following.stop": (
        lambda w: following.stop(following.follow_term(w.term("time"), by=w.alice), by=w.alice),
        ["follow", "stop-following"]),
    "reading_lists.create": (lambda w: reading_lists.create("Other", by=w.alice), ["create"]),
    "reading_lists.change": (
        lambda w: reading_lists.change(ReadingList.objects.get(), by=w.alice, name="Another"), ["change"]),
    "reading_lists.delete": (lambda w: reading_lists.delete(ReadingList.objects.get(), by=w.alice), ["delete"]),
    "reading_lists.add": (
        lambda w: reading_lists.add(ReadingList.objects.get(), w.postmortem("archvd01"), by=w.alice),
        ["add-to-list"]),
    "reading_lists.explain": (
        lambda w: reading_lists.explain(ReadingList.objects.get(), "wrtten01", "Because", by=w.alice),
        ["explain-in-list"]),
    "reading_lists.remove": (
        lambda w: reading_lists.remove(ReadingList.objects.get(), "wrtten01", by=w.alice), ["remove-from-list"]),
    "reading_lists.move": (
        lambda w: reading_lists.move(ReadingList.objects.get(), "wrtten01", 1, by=w.alice), ["arrange-list"]),
    "reading_lists.arrange": (
        lambda w: reading_lists.arrange(
            ReadingList.objects.get(), ["pbshed01", "wrtten01"], by=w.alice,
            seen=reading_lists.state_of(["wrtten01", "pbshed01"])),
        ["arrange-list"]),
    "feed_secrets.create": (lambda w: feed_secrets.create("Other", by=w.alice), ["create"]),
    "feed_secrets.revoke": (lambda w: feed_secrets.revoke(FeedSecret.objects.get(), by=w.alice), ["revoke"]),
    "curation.vocabularies.add_vocabulary": (
        lambda w: curation.add_vocabulary("vendor", by=w.dana, names={"en": "Vendor"}), ["add-vocabulary"]),
    "curation.vocabularies.change_vocabulary": (
        lambda w: curation.change_vocabulary(w.cause, by=w.dana, facet="closed"), ["change-vocabulary"]),
    "curation.terms.add_term": (
        lambda w: curation.add_term(w.cause, by=w.dana, names={"en": "Walrus"}), ["add-term"]),
    "curation.terms.change_term": (
        lambda w: curation.change_term(w.term("network/dns"), by=w.dana, names={"en": "Walrus"}), ["change-term"]),
    "curation.moving.move_term": (lambda w: curation.move_term(w.term("network/dns"), None, by=w.dana), ["move-term"]),
    "curation.merging.merge_terms": (
        lambda w: curation.merge_terms(w.term("network/dns"), w.term("time"), by=w.dana), ["merge-term"]),
    "curation.terms.retire_term": (
        lambda w: curation.retire_term(w.term("network/dns"), by=w.dana), ["retire-term"]),
    "curation.terms.restore_term": (
        lambda w: curation.restore_term(Term.objects.get(slug="gone"), by=w.dana), ["restore-term"]),
    "curation.suggestions.suggest_term": (
        lambda w: curation.suggest_term(w.cause, {"en": "Otter"}, by=w.alice), ["suggest-term"]),
    "curation.suggestions.accept_suggestion": (
        lambda w: curation.accept_suggestion(TermSuggestion.objects.get(), by=w.dana),
        ["add-term", "accept-suggestion"]),
    "curation.suggestions.decline_suggestion": (
        lambda w: curation.decline_suggestion(TermSuggestion.objects.get(), by=w.dana, answer="No."),
        ["decline-suggestion"]),
    "body_templates.verbs.add": (lambda w: add_template(w.dana, "Seal"), ["add-template"]),
    "body_templates.verbs.change": (
        lambda w: body_templates.change(template("walrus"), by=w.dana, names={"en": "Otter"}), ["change-template"]),
    "body_templates.verbs.remove": (
        lambda w: body_templates.remove(template("walrus"), by=w.dana), ["remove-template"]),
    "body_templates.verbs.restore": (
        lambda w: body_templates.restore(template("gone"), by=w.dana), ["restore-template"]),
    "body_templates.verbs.restore_shipped": (
        lambda w: body_templates.restore_shipped(template("security"), by=w.dana), ["restore-shipped-template"]),
    "actions.marking.set_status": (
        lambda w: marking.set_status([marking.Chosen("wrtten01", "a1")], "done", by=w.alice), ["edit"]),
    "actions.marking.confirm": (
        lambda w: marking.confirm([marking.Chosen("wrtten01", "a1")], by=w.alice), ["confirm-actions"]),
    "trackers.add": (
        lambda w: trackers.add(by=w.dana, name="Other", ticket_url="https://example.org/"), ["add-tracker"]),
    "trackers.change": (
        lambda w: trackers.change(Tracker.objects.get(), by=w.dana, name="Another"), ["change-tracker"]),
    "trackers.remove": (lambda w: trackers.remove(Tracker.objects.get(), by=w.dana), ["remove-tracker"]),
    "body_templates.shipped.load_shipped": (load_one_template, ["add-template"]),
    "attachments.take_in": (lambda w: attachments.take_in(pictures.upload(), by=w.alice), ["upload"]),
    # The file is stored before the content that names it.
    "attachments.add": (
        lambda w: attachments.add(w.postmortem("wrtten01"), pictures.upload(), by=w.alice), ["upload", "edit"]),
    "attachments.remove": (lambda w: attachments.remove(w.postmortem("pbshed01"), "walrus", by=w.alice), ["edit"]),
    "saving.save": (
        lambda w: saving.save(
            w.postmortem("wrtten01"), make_document("Otter"), saving.Envelope(visibility="internal"),
            by=w.alice, version=2),
        ["edit", "change-envelope"]),
    "exchange.importing.import_files": (
        lambda w: importing.import_files(sorted(SEEDS.glob("*.md"))[:1], by=w.dana, team=w.alice.teams.get()),
        ["create"]),
    "exchange.imports.bring_in": (
        lambda w: imports.bring_in([file()], by=w.alice, team=w.alice.teams.get()), ["create", "import"]),
    "exchange.import_undo.undo_import": (
        lambda w: import_undo.undo_import(Import.objects.get(), by=w.alice), ["throw-away", "undo-import"]),
    "exchange.vocabularies.load_vocabularies": (
        lambda w: load_vocabularies(vocabulary.dump(), by=w.dana), ["load-vocabularies"]),
    **audited_people.ACTS,
}  # fmt: skip


@pytest.fixture(scope="module")
def made_once(django_db_setup, django_db_blocker) -> Iterator[tuple[World, Path]]:
    """The world, and the folder of its files."""
    with standing(django_db_blocker, make_world) as made:
        yield made


@pytest.fixture
def world(made_once, db, own_files, settings) -> World:
    """The world as it was made; each test has files of its own."""
    made, folder = made_once
    if folder.is_dir():
        shutil.copytree(folder, settings.ATTACHMENTS_DIR)
    return deepcopy(made)


def acting() -> set[str]:
    """The public functions behind the doors that take `by` by name."""
    found = set()
    for module in pkgutil.walk_packages(postmortems.__path__, "postmortems."):
        name = module.name.removeprefix("postmortems.")
        if name.split(".")[0] in DOORS:
            continue
        for function, made in inspect.getmembers(import_module(module.name), inspect.isfunction):
            by = inspect.signature(made).parameters.get("by")
            is_own = made.__module__ == module.name and not function.startswith("_")
            if is_own and by and by.kind is inspect.Parameter.KEYWORD_ONLY:
                found.add(f"{name}.{function}")
    return found


def test_every_function_that_acts_for_somebody_has_a_line():
    assert acting() - set(PARTS) == set(ACTS) - audited_people.OF_ONESELF
    assert set(PARTS) - acting() == set()


@pytest.mark.parametrize("name", ACTS)
def test_an_act_writes_its_rows(name, world):
    act, actions = ACTS[name]
    before = AuditEntry.objects.count()

    act(world)

    rows = AuditEntry.objects.filter(number__gt=before).order_by("number")
    assert [row.action for row in rows] == actions


@pytest.mark.parametrize("name", ACTS)
def test_an_act_that_is_rolled_back_leaves_no_row(name, world):
    act, _actions = ACTS[name]
    before = AuditEntry.objects.count()

    with transaction.atomic():
        act(world)
        assert AuditEntry.objects.count() > before
        transaction.set_rollback(True)
    lookup.forget()

    assert AuditEntry.objects.count() == before


def test_every_act_of_the_code_has_words():
    paths = [path for path in ROOT.rglob("*.py") if "management" not in path.parts]
    text = "\n".join(path.read_text() for path in paths)
    calls = r'\b(?:record|record_many|_record|_save|_append)\(\s*"([a-z-]+)"|\baction="([a-z-]+)"'
    named = {first or second for first, second in re.findall(calls, text)}

    assert {"edit", "publish", "sign-in", "change-term"} <= named
    assert named - set(ACTIONS) == set()
