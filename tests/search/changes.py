"""What happens to postmortems while what was found of them is kept."""

import random
from dataclasses import replace

from django.utils import timezone

from postmortems import authoring, content, outbox
from postmortems.document import Classification, Relation
from postmortems.models import Postmortem, User
from tests.search.mixed import LENGTHS, WORDS, mixed_document

# The vocabularies without a term of which nothing is published.
NEEDED = {"cause", "kind", "severity"}


def a_change(dice: random.Random, collection: list[Postmortem], system: User) -> None:
    """Something that happens to a postmortem: another text, other terms, other rights, another state, or gone."""
    postmortem = dice.choice(collection)
    postmortem.refresh_from_db()
    kind = dice.choice(("text", "text", "terms", "defect", "visibility", "status", "gone"))
    if kind == "text":
        changes = {"title": dice.choice(WORDS), "lessons": (), "duration": dice.choice(LENGTHS)}
        document = replace(content.read(postmortem), **changes)
        authoring.edit(postmortem, document, by=system, revision=postmortem.revision)
    elif kind == "terms":
        document = replace(content.read(postmortem), classifications=classifications(dice))
        authoring.edit(postmortem, document, by=system, revision=postmortem.revision)
    elif kind == "defect":
        relations = (Relation("same-defect", dice.choice(collection).ref),)
        # Nothing is the same defect as itself.
        relations = tuple(item for item in relations if item.target != postmortem.ref)
        document = replace(content.read(postmortem), relations=relations)
        authoring.edit(postmortem, document, by=system, revision=postmortem.revision)
    elif kind == "visibility":
        other = dice.choice(("public", "team", "restricted"))
        authoring.change_envelope(postmortem, by=system, visibility=other)
    elif kind == "status":
        authoring.change_envelope(postmortem, by=system, status="draft")
    else:
        collection.remove(postmortem)
        with outbox.writing():
            outbox.log_changes([postmortem.pk])
            Postmortem.objects.filter(pk=postmortem.pk).update(deleted_at=timezone.now())


def classifications(dice: random.Random) -> tuple[Classification, ...]:
    """Other terms, with those without which nothing is published."""
    while True:
        found = mixed_document(dice).classifications
        if {item.vocabulary for item in found} >= NEEDED:
            return found
