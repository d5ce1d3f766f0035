"""The team or account that a command is told to act on; called by the commands."""

from django.core.management.base import CommandError

from postmortems.exchange.problems import did_you_mean
from postmortems.models import Team, User


def team_called(slug: str) -> Team:
    """The team with that slug; without one, the only team there is. Raises CommandError."""
    teams = {team.slug: team for team in Team.objects.order_by("slug")}
    if not slug and len(teams) == 1:
        return next(iter(teams.values()))
    if slug in teams:
        return teams[slug]
    if not teams:
        raise CommandError("There is no team yet; make one first.")
    names = ", ".join(teams)
    if not slug:
        raise CommandError(f"Which team? Say it with --team; there are {names}.")
    raise CommandError(
        f"There is no team {slug!r}. " + did_you_mean(slug, teams, f"Known: {names}.")
    )


def user_called(username: str) -> User:
    """The account of that name, letter case aside. Raises CommandError."""
    user = User.objects.filter(username__iexact=username).first()
    if user is None:
        raise CommandError(f"There is no account {username!r}.")
    return user


def sentences(problems: dict[str, list[str]]) -> str:
    """What a verb refused, for CommandError."""
    return " ".join(message for messages in problems.values() for message in messages)
