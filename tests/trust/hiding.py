"""What is hidden beside postmortems: the talk about them, who takes part in it, news of them, people."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from postmortems import authoring, notifications, openings, outbox
from postmortems.models import (
    ApiToken,
    Approval,
    Following,
    Import,
    Invitation,
    Postmortem,
    ReviewComment,
    SavedSearch,
    Session,
    Team,
    User,
)
from postmortems.models.accounts import digest_of
from taxonomy.models import Term
from tests import makers
from tests.search.test_twin_worlds import CANARIES
from tests.trust.world import client_of

# Tens: the database may number what is written after one.
FIRST_COMMENT = 72_900_010
# Stands in hidden things alone, and in no team.
PERSON = "canary-person"
REFS = {
    "saved search": [{"REF": "cnrysvd0"}, {"REF": "cnrysvd1"}],
    "reading list": [{"REF": "cnryr1s0", "INSIDE": "cnryr1s9"}],
    "reading list of a team": [{"REF": "cnryr1s1", "INSIDE": "cnryr1s9"}],
    "team": [{"REF": "canary"}],
    "membership": [{"REF": "canary"}],
    "invitation": [{"REF": "cnrynvt0"}],
    "session": [{"REF": "cnryssn0"}],
    "token": [{"REF": "72900005"}],
    "following": [{"REF": "72900006"}],
    "import": [{"REF": "cnrymprt"}],
}
FINISHED = ("published", "archived")
KINDS = (
    "reviewer-named",
    "commented",
    "published",
    "shared-with-you",
    "action-overdue",
    "followed",
)


def hide_people(team: Team, author: User) -> None:
    """Somebody known to hidden things alone, an invitation into the team, and the author's own things."""
    makers.make_user(PERSON)
    ApiToken.objects.create(
        pk=REFS["token"][0]["REF"], user=author, name="Canary", prefix="hs_cnry", digest="e" * 64
    )
    Import.objects.create(
        ref=REFS["import"][0]["REF"],
        by=author,
        team=team,
        digest="e" * 64,
        finished_at=timezone.now(),
    )
    Invitation.objects.create(
        ref=REFS["invitation"][0]["REF"],
        email="canary@example.org",
        team=team,
        digest=digest_of("canary"),
        invited_by=author,
        expires_at=timezone.now() + timedelta(days=7),
    )
    client_of(author)
    Session.objects.filter(user=author).update(ref=REFS["session"][0]["REF"])


def hide_review(number: int, item: Postmortem, author: User, outsiders: Iterable[User]) -> None:
    """Comments, decisions and named people; all outsiders once reviewed it, and were told of it."""
    person = User.objects.get(username=PERSON)
    # Who is named sees it until it is published: only then are they outsiders.
    once = list(outsiders) if item.status in FINISHED and not item.deleted_at else []
    for user in (person, *once):
        item.reviewers.create(user=user, named_by=author)
        Approval.objects.create(
            postmortem=item, reviewer=user, revision=1, decision="approve", comment=CANARIES[0]
        )
        item.named_people.add(person)
    for pk, by in enumerate((author, person, *once), FIRST_COMMENT + 10 * number):
        ReviewComment.objects.create(
            pk=pk, postmortem=item, author=by, revision=1, text=f"{CANARIES[0]} {by.username}"
        )
    with outbox.writing():
        authoring.save_envelope(item, by=author, action="name-reviewers", before={})
        for kind in KINDS:
            told = [user.pk for user in outsiders]
            notifications.notify(
                kind, item, to=told, by=author, comment=FIRST_COMMENT + 10 * number
            )


def follow(author: User, outsiders: Iterable[User]) -> None:
    """All outsiders follow what is seen, and a search that was shared with them once; the author
    follows something, too, and has opened what is hidden."""
    before = timezone.now() - timedelta(days=1)
    hidden = SavedSearch.objects.get(ref=REFS["saved search"][1]["REF"])
    terms = Term.objects.filter(vocabulary__slug="cause", parent=None).order_by("pk")[:3]
    for user in outsiders:
        for term in terms:
            Following.objects.create(user=user, term=term, since=before)
        Following.objects.create(user=user, saved_search=hidden, since=before)
    number = REFS["following"][0]["REF"]
    Following.objects.create(pk=number, user=author, term=terms[0], since=before)
    openings.note_own(Postmortem.objects.filter(team=hidden.team), author)
