"""Who acts in the tests of the audit log, and what they act on."""

from dataclasses import dataclass, replace

from postmortems import (
    authoring,
    bin,
    body_templates,
    content,
    curation,
    feed_secrets,
    reading_lists,
    reviews,
    saved_searches,
    shelving,
    similar_pairs,
    trackers,
)
from postmortems.document import Action, Attachment, Relation
from postmortems.exchange import imports
from postmortems.exchange.upload import Upload
from postmortems.models import BodyTemplate, Postmortem, ReviewComment, User
from postmortems.reviews import rules
from taxonomy import lookup
from taxonomy.models import Term, Vocabulary
from tests.makers import (
    load_shipped_templates,
    make_document,
    make_postmortem,
    make_team,
    make_user,
)
from tests.project import audited_people


@dataclass(frozen=True)
class World:
    """Who acts; what they act on is read anew each time, as it stands then."""

    alice: User
    bob: User
    dana: User

    def postmortem(self, ref: str) -> Postmortem:
        """One of those of the fixture."""
        return Postmortem.objects.get(ref=ref)

    def term(self, path: str) -> Term:
        """A cause."""
        return Term.objects.get(vocabulary__slug="cause", path=path)

    @property
    def comment(self) -> ReviewComment:
        """What bob said in the review."""
        return ReviewComment.objects.get()

    @property
    def cause(self) -> Vocabulary:
        """The vocabulary of causes."""
        return Vocabulary.objects.get(slug="cause")


def add_template(by: User, name: str) -> BodyTemplate:
    """A template of the site's own, of one section."""
    section = {"key": "walrus", "names": {"en": "Walruses"}, "prompts": {}, "is_open": True}
    return body_templates.add(by=by, names={"en": name}, sections=[section])


def file(title: str = "Walrus") -> Upload:
    """A postmortem as somebody sends it."""
    return Upload("a.json", f'{{"import_id": "{title}", "title": "{title}"}}'.encode())


def template(slug: str) -> BodyTemplate:
    """A template as it stands."""
    return BodyTemplate.objects.get(slug=slug)


def make_world() -> World:
    """What the acts need to be there, as it is before any of them."""
    platform = make_team("platform")
    alice = make_user("alice", team=platform, role="author")
    bob = make_user("bob", team=platform, role="reviewer")
    dana = make_user("dana", is_administrator=True, is_curator=True)
    made = {"team": platform, "authors": (alice,)}
    written = make_postmortem(ref="wrtten01", visibility="team", status="draft", **made)
    todo = (Action("a1", "Mend", status="open"),)
    authoring.edit(written, make_document("Walrus", actions=todo), by=alice, revision=1)
    finished = content.read(make_postmortem(ref="pbshed01", **made))
    named = replace(finished, attachments=(Attachment("walrus", "walrus.png"),))
    authoring.edit(Postmortem.objects.get(ref="pbshed01"), named, by=alice, revision=1)
    make_postmortem(finished, ref="draftpm1", status="draft", **made)
    asked = make_postmortem(
        make_document(terms=("kind:stub",)), ref="revwed01", status="draft", **made
    )
    reviews.comment(reviews.ask(asked, by=alice), "Why?", by=bob)
    rules.change_rule("severity:sev5", by=dana, terms=lookup.current(), approvals=2, parts=[])
    shelving.archive(make_postmortem(ref="archvd01", **made), by=alice)
    bin.throw_away(make_postmortem(ref="thrwn001", **made), by=alice)
    defect = Relation("same-defect", "pbshed01")
    make_postmortem(make_document(relations=(defect,)), ref="samede01", **made)
    dismissed = make_postmortem(ref="dissmd01", **made)
    similar_pairs.dismiss(Postmortem.objects.get(ref="pbshed01"), dismissed, by=alice)
    saved_searches.create(by=alice, name="Mine", query="q=x", shared="private")
    listed = reading_lists.create("Mine", by=alice)
    for ref in ("wrtten01", "pbshed01"):
        reading_lists.add(listed, Postmortem.objects.get(ref=ref), by=alice)
    feed_secrets.create("Mine", by=alice)
    curation.suggest_term(Vocabulary.objects.get(slug="cause"), {"en": "Walrus"}, by=alice)
    gone = curation.add_term(Vocabulary.objects.get(slug="cause"), by=dana, names={"en": "Gone"})
    curation.retire_term(gone, by=dana)
    trackers.add(by=dana, name="Jira", ticket_url="https://example.org/")
    load_shipped_templates()
    body_templates.change(template("security"), by=dana, names={"en": "Fire"})
    add_template(dana, "Walrus")
    body_templates.remove(add_template(dana, "Gone"), by=dana)
    imports.bring_in([file("Otter")], by=alice, team=platform)
    audited_people.prepare(bob, dana, platform)
    return World(alice, bob, dana)
