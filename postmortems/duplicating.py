"""Start a new draft from a postmortem that is there: the same content, nothing that belongs to the former."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from django.core.exceptions import PermissionDenied
from django.utils import translation
from django.utils.translation import gettext as _

from postmortems import access, authoring, content
from postmortems.document import TITLE_LENGTH, Document, Translation
from postmortems.models import Postmortem, Team, User
from postmortems.models.postmortem import PUBLIC_TOKEN, SIGNED_IN_TOKEN

Visibility = Postmortem.Visibility


def duplicate(postmortem: Postmortem, *, by: User, team: Team | None = None) -> Postmortem:
    """A draft with the content of a postmortem, written by `by`.

    It goes to `team`, else to the former's team where `by` writes there, else to the first team of
    `by`. Where that team may not read the former, the copy is for `by` alone. Raises
    PermissionDenied for who may not see the former or not write in the team.
    """
    former = Postmortem.objects.visible_to(by).select_related("team").filter(pk=postmortem.pk)
    found = former.first()
    if found is None:
        raise PermissionDenied(_("There is nothing here that you may copy."))
    team = team or default_team(found, by)
    return authoring.create(
        copied(content.read(found)),
        by=by,
        team=team,
        visibility=Visibility.RESTRICTED if team is None else _visibility(found, team),
        comment=_("Copied from %(ref)s") % {"ref": found.ref},
    )


def default_team(postmortem: Postmortem, by: User) -> Team | None:
    """Where a copy goes unless said otherwise; None for who writes nowhere."""
    if access.may_write_in(by, postmortem.team):
        return postmortem.team
    return next(iter(access.teams_to_write_in(by)), None)


def copied(document: Document) -> Document:
    """The content without what belongs to one record alone: relations, files, the state of actions."""
    return replace(
        document,
        title=_copy_of(document.title, document.language),
        translations=_translations(document.translations),
        relations=(),
        attachments=(),
        actions=tuple(
            replace(action, status="proposed", due="", tracker="") for action in document.actions
        ),
    )


def _translations(translations: Mapping[str, Translation]) -> Mapping[str, Translation]:
    return MappingProxyType(
        {
            code: replace(item, title=_copy_of(item.title, code)) if item.title else item
            for code, item in translations.items()
        }
    )


def _copy_of(title: str, language: str) -> str:
    with translation.override(language):
        return (_("Copy of %(title)s") % {"title": title})[:TITLE_LENGTH].rstrip()


def _visibility(former: Postmortem, team: Team) -> str:
    # A copy shows what the former holds: it must not reach readers whom the former does not.
    open_to = {PUBLIC_TOKEN, SIGNED_IN_TOKEN, f"team:{team.pk}"}
    is_open = open_to.intersection(access.audience_of(former))
    return Visibility.TEAM if is_open else Visibility.RESTRICTED
