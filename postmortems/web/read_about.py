"""The envelope of a postmortem in words: what its state means for the reader, who wrote it, where it stands."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from postmortems.models import Postmortem
from postmortems.web.read_source import Source
from postmortems.web.read_texts import language_name

Status, Visibility = Postmortem.Status, Postmortem.Visibility

VISIBILITY_ICONS = {
    Visibility.PUBLIC: "globe",
    Visibility.INTERNAL: "person",
    Visibility.TEAM: "team",
    Visibility.RESTRICTED: "lock",
}


@dataclass(frozen=True)
class Notice:
    """A notice above the title; `names` are listed behind it. One that `invites` leads writers to the editor."""

    icon: str
    tone: str
    title: str
    text: str = ""
    names: tuple[str, ...] = ()
    invites: bool = False


@dataclass(frozen=True)
class About:
    """Who wrote it, for which team, in which revision and languages."""

    team: str
    authors: str
    revision: int
    published_at: datetime | None
    updated_at: datetime
    language: str
    translations: list[tuple[str, str]]
    visibility: str
    visibility_icon: str


def about_of(source: Source) -> About:
    """The facts of the envelope."""
    postmortem, document = source.postmortem, source.document
    visibility = Visibility(postmortem.visibility)
    return About(
        team=postmortem.team.name,
        authors=pgettext("between names", ", ").join(
            str(user) for user in source.authors if not user.is_system
        ),
        revision=postmortem.revision,
        published_at=postmortem.published_at,
        updated_at=postmortem.updated_at,
        language=language_name(document.language),
        translations=[(code, language_name(code)) for code in document.translations],
        visibility=str(visibility.label),
        visibility_icon=VISIBILITY_ICONS[visibility],
    )


def notices_of(source: Source, *, is_stub: bool) -> list[Notice]:
    """What the reader should know before reading."""
    notices = []
    if draft := _unfinished(source.postmortem):
        notices.append(draft)
    if source.postmortem.status == Status.ARCHIVED:
        words = _("Kept for reference. Search leaves it out unless it is asked for.")
        notices.append(Notice("bookmark", "info", _("Archived."), words))
    if source.postmortem.visibility == Visibility.RESTRICTED:
        notices.append(_restricted(source))
    if is_stub:
        words = _("A stub: only this much is known.")
        notices.append(Notice("dot", "info", words, invites=True))
    return notices


def _unfinished(postmortem: Postmortem) -> Notice | None:
    titles = {Status.DRAFT.value: _("Draft."), Status.IN_REVIEW.value: _("In review.")}
    title = titles.get(postmortem.status)
    if title is None:
        return None
    if postmortem.visibility == Visibility.RESTRICTED:
        return Notice(
            "edit",
            "info",
            title,
            _("Only its authors and the people and reviewers named can see it."),
        )
    words = _("Only its authors, named reviewers and the team %(team)s can see it.")
    return Notice("edit", "info", title, words % {"team": postmortem.team.name})


def _restricted(source: Source) -> Notice:
    people = dict.fromkeys(str(user) for user in (*source.authors, *source.named))
    title = ngettext("Restricted to %(n)s person.", "Restricted to %(n)s people.", len(people))
    words = _("Administrators can see it too.")
    return Notice("lock", "warn", title % {"n": len(people)}, words, tuple(people))
