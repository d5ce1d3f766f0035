"""Stores texts where people talk, are named and are told: reviews, accounts, teams, sessions, news, mails."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from postmortems import curation, notifications, outbox, profiles, pseudonyms, reviews, teams
from postmortems import document as shape
from postmortems.document_rules import clean
from postmortems.models import Approval, Invitation, Notification, Postmortem, Session, Team, User
from postmortems.models.accounts import Membership, digest_of
from postmortems.notifications import composing
from taxonomy.models import Vocabulary
from tests import makers
from tests.trust.planting import NAME_LENGTH, line

PUBLISHABLE = ("cause.primary:network/dns", "severity:sev3", "kind:outage")
KINDS = ("commented", "published", "review-asked", "shared-with-you", "action-overdue")
KEY = "planted-key"


def plant_people(payloads: Sequence[str], by: User, team: Team) -> list[str]:
    """Store all of them there; the addresses of the pages on which they stand, for `by`."""
    named = plant_names(payloads, by, team)
    asked = plant_review(payloads, by, team, named)
    plant_news(payloads, by, team, named)
    return [
        *pages_of_review(asked),
        *pages_of_rules(payloads, by),
        *pages_of_accounts(named, team),
        *pages_of_invitations(payloads, named),
        *pages_of_pseudonyms(payloads, by, team),
        *("/notifications/", "/notifications/?tab=all", "/notifications/?tab=all&page=2", "/desk/"),
        "/audit/?page=2",
    ]


def plant_names(payloads: Sequence[str], by: User, team: Team) -> list[User]:
    """A reviewer of the team by each name, and a team, renamed by it."""
    made = []
    for number, text in enumerate(payloads):
        user = makers.make_user(f"planted-{number}", team=team, role="reviewer")
        made.append(profiles.set_name(user, line(text, NAME_LENGTH)))
        other = makers.make_team(f"planted-{number}")
        if name := line(text, NAME_LENGTH):
            teams.rename(other, name, by=by)
        Membership.objects.create(user=by, team=other, role="lead")
    Session.objects.bulk_create(
        Session(
            session_key=f"planted{number:025}",
            user=by,
            browser=line(text),
            address=line(text, 45),
            expire_date=timezone.now() + timedelta(days=1),
        )
        for number, text in enumerate(payloads)
    )
    return made


# --- Reviews ------------------------------------------------------------------------------------


def plant_review(
    payloads: Sequence[str], by: User, team: Team, named: Sequence[User]
) -> Postmortem:
    """One in review, with all of them said about it, answered, decided with, and as reviewers."""
    made = makers.make_postmortem(
        makers.make_document("Planted talk", terms=PUBLISHABLE, summary="Something"),
        team=team,
        authors=(by,),
        status="draft",
    )
    asked = reviews.ask(made, by=by, reviewers=named[:10])
    for number, (text, user) in enumerate(zip(payloads, named, strict=True)):
        said = reviews.comment(asked, text, by=user, anchor="summary" if number % 2 else "")
        reviews.reply(said, text, by=by)
        if number % 5 == 0:
            reviews.settle(said, by=by)
        decision = Approval.Decision.CHANGES if number % 3 == 0 else Approval.Decision.APPROVE
        Approval.objects.create(
            postmortem=asked, reviewer=user, revision=1, decision=decision, comment=clean(text)
        )
    return asked


def pages_of_review(asked: Postmortem) -> list[str]:
    """The review in each of its forms, who is asked, who reads it, and the queue."""
    own = asked.review_comments.order_by("pk").filter(parent__isnull=False)[0]
    at = f"/p/{asked.ref}/review/"
    return [
        *(at, f"{at}?view=meeting", f"{at}?on=summary", f"{at}ask/", f"{at}{own.pk}/"),
        *(f"/p/{asked.ref}/sharing/", asked.get_absolute_url()),
        *("/reviews/", "/reviews/?tab=mine", "/reviews/?tab=all"),
    ]


def pages_of_rules(payloads: Sequence[str], by: User) -> list[str]:
    """Kinds of those names, each with a rule that can be its own."""
    kinds = Vocabulary.objects.get(slug="kind")
    names = dict.fromkeys(line(text, NAME_LENGTH) for text in payloads)
    for number, name in enumerate(name for name in names if name):
        slug, words = f"planted-{number}", f"{name[:100]} {number}"
        curation.add_term(kinds, by=by, slug=slug, names={"en": words})
    return ["/settings/review/"]


# --- Accounts, teams, invitations ---------------------------------------------------------------


def pages_of_accounts(named: Sequence[User], team: Team) -> list[str]:
    """Where people, teams and sessions are listed and changed."""
    one = f"/people/person/{named[0].username}/"
    return [
        *("/people/", "/people/?page=2", "/people/teams/", "/people/teams/planted-0/"),
        *(f"/people/teams/{team.slug}/", "/people/teams/planted-1/leave/"),
        *(one, f"{one}deactivate/", "/settings/", "/settings/sessions/"),
    ]


def pages_of_invitations(payloads: Sequence[str], named: Sequence[User]) -> list[str]:
    """Invitations to such addresses, by people and into teams of such names; two of them opened."""
    administrators = User.objects.filter(pk__in=[user.pk for user in named])
    administrators.update(is_administrator=True)
    for number, (text, user) in enumerate(zip(payloads, named, strict=True)):
        Invitation.objects.create(
            email=line(text),
            team=Team.objects.get(slug=f"planted-{number}"),
            digest=digest_of(f"{KEY}{number}"),
            invited_by=user,
            expires_at=timezone.now() + timedelta(days=7),
        )
    opened = (f"/invitation/?key={KEY}{number}" for number in (0, len(named) - 1))
    return ["/people/invite/", *opened]


def pages_of_pseudonyms(payloads: Sequence[str], by: User, team: Team) -> list[str]:
    """One in which each is the role that stands in for a name."""
    names = [f"Name{number:03}" for number in range(len(payloads))]
    made = makers.make_postmortem(
        makers.make_document("Names", summary=" ".join(names)), team=team, authors=(by,)
    )
    for name, text in zip(names, payloads, strict=True):
        if words := line(text, pseudonyms.LONGEST):
            made = pseudonyms.replace(made, [name], words, by=by, revision=made.revision)
    at = f"/p/{made.ref}/"
    return [made.get_absolute_url(), f"{at}history/", f"{at}pseudonyms/"]


# --- News ---------------------------------------------------------------------------------------


def plant_news(payloads: Sequence[str], by: User, team: Team, named: Sequence[User]) -> None:
    """Each is the title of something that somebody of such a name tells `by` of, with a late action."""
    for number, (text, user) in enumerate(zip(payloads, named, strict=True)):
        action = shape.Action("a1", clean(text) or "Do it", owner=line(text), due="2020-01-01")
        document = makers.make_document(line(text, shape.TITLE_LENGTH), actions=(action,))
        made = makers.make_postmortem(document, team=team, authors=(by,))
        with outbox.writing():
            kind = KINDS[number % len(KINDS)]
            notifications.notify(kind, made, to=[by.pk], by=user, revision=1)
            outbox.log_changes([made.pk])


def mails_of(by: User) -> list[str]:
    """The mail about all of it as a mail program shows it, and each of the first few by itself."""
    rows = Notification.objects.shown_to(by).newest_first()
    told = list(rows.select_related("postmortem", "actor"))
    mails = [composing.compose(by, part) for part in (told, *([row] for row in told[:3]))]
    # Nothing of a title begins a header of its own.
    assert not any("\n" in item.subject or "\r" in item.subject for item in mails)
    return [str(item.alternatives[0].content) for item in mails]
