"""The audit log's acts and kinds of objects in words; a test holds that every act of the code has some."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = Mapping[str, Any]

ACTIONS: Words = {
    # Postmortems
    "create": pgettext_lazy("audit log", "created"),
    "edit": pgettext_lazy("audit log", "saved a revision"),
    "ask-for-review": pgettext_lazy("audit log", "asked for a review"),
    "name-reviewers": pgettext_lazy("audit log", "named reviewers"),
    "withdraw-review": pgettext_lazy("audit log", "took back from review"),
    "approve": pgettext_lazy("audit log", "approved a revision"),
    "ask-for-changes": pgettext_lazy("audit log", "asked for changes"),
    "comment": pgettext_lazy("audit log", "wrote a review comment"),
    "reply": pgettext_lazy("audit log", "answered a review comment"),
    "edit-comment": pgettext_lazy("audit log", "changed a review comment"),
    "delete-comment": pgettext_lazy("audit log", "took back a review comment"),
    "settle-comment": pgettext_lazy("audit log", "settled a review comment"),
    "reopen-comment": pgettext_lazy("audit log", "opened a review comment again"),
    "change-review-rule": pgettext_lazy("audit log", "changed a review rule"),
    "restore-review-rule": pgettext_lazy("audit log", "made a review rule what it came as"),
    "publish": pgettext_lazy("audit log", "published"),
    "change-envelope": pgettext_lazy("audit log", "changed who may read it, or where it stands"),
    "unarchive": pgettext_lazy("audit log", "brought back from the archive"),
    "dismiss-similar": pgettext_lazy("audit log", "said that it is not similar to another"),
    "bring-back-similar": pgettext_lazy("audit log", "took back that it is not similar to another"),
    "throw-away": pgettext_lazy("audit log", "moved to the bin"),
    "restore": pgettext_lazy("audit log", "took out of the bin"),
    "purge": pgettext_lazy("audit log", "removed for good"),
    "import": pgettext_lazy("audit log", "imported postmortems"),
    "undo-import": pgettext_lazy("audit log", "took an import back"),
    "upload": pgettext_lazy("audit log", "uploaded a file"),
    "sweep-file": pgettext_lazy("audit log", "removed a file that nobody saved"),
    "take-back-file": pgettext_lazy("audit log", "removed a file with the import that brought it"),
    "read-as-administrator": pgettext_lazy("audit log", "read as an administrator"),
    # Accounts
    "add-member": pgettext_lazy("audit log", "added a member"),
    "remove-member": pgettext_lazy("audit log", "took out a member"),
    "rename": pgettext_lazy("audit log", "renamed"),
    "invite": pgettext_lazy("audit log", "invited somebody"),
    "accept": pgettext_lazy("audit log", "accepted an invitation"),
    "deactivate": pgettext_lazy("audit log", "deactivated"),
    "reactivate": pgettext_lazy("audit log", "let sign in again"),
    "set-site-roles": pgettext_lazy("audit log", "changed site roles"),
    "set-preferences": pgettext_lazy("audit log", "changed preferences"),
    "set-name": pgettext_lazy("audit log", "changed the name that others read"),
    "confirm-mail": pgettext_lazy("audit log", "confirmed a mail address"),
    "change-password": pgettext_lazy("audit log", "changed the password"),
    "reset-password": pgettext_lazy("audit log", "set a new password by mail"),
    "end-session": pgettext_lazy("audit log", "ended a session"),
    "end-sessions": pgettext_lazy("audit log", "ended all other sessions"),
    "turn-on-second-step": pgettext_lazy("audit log", "turned the second step on"),
    "turn-off-second-step": pgettext_lazy("audit log", "turned the second step off"),
    "link-identity": pgettext_lazy("audit log", "linked an identity"),
    "unlink-identity": pgettext_lazy("audit log", "unlinked an identity"),
    "redact": pgettext_lazy("audit log", "took texts out of everything"),
    "choose-mail": pgettext_lazy("audit log", "chose when mail comes"),
    "follow": pgettext_lazy("audit log", "began to follow something"),
    "stop-following": pgettext_lazy("audit log", "stopped following something"),
    "sign-in": pgettext_lazy("audit log", "signed in"),
    "sign-out": pgettext_lazy("audit log", "signed out"),
    "refuse-sign-in": pgettext_lazy("audit log", "refused a sign-in"),
    "refuse-token": pgettext_lazy("audit log", "refused a token"),
    "refuse": pgettext_lazy("audit log", "was refused"),
    "revoke": pgettext_lazy("audit log", "revoked"),
    # Searches and vocabularies
    "change": pgettext_lazy("audit log", "changed"),
    "delete": pgettext_lazy("audit log", "deleted"),
    "load-vocabularies": pgettext_lazy("audit log", "loaded vocabularies"),
    "add-vocabulary": pgettext_lazy("audit log", "added a vocabulary"),
    "change-vocabulary": pgettext_lazy("audit log", "changed a vocabulary"),
    "add-term": pgettext_lazy("audit log", "added a term"),
    "change-term": pgettext_lazy("audit log", "changed a term"),
    "move-term": pgettext_lazy("audit log", "moved a term"),
    "merge-term": pgettext_lazy("audit log", "merged a term"),
    "retire-term": pgettext_lazy("audit log", "retired a term"),
    "restore-term": pgettext_lazy("audit log", "restored a term"),
    "suggest-term": pgettext_lazy("audit log", "suggested a term"),
    "accept-suggestion": pgettext_lazy("audit log", "accepted a suggestion"),
    "decline-suggestion": pgettext_lazy("audit log", "declined a suggestion"),
    # Reading lists
    "add-to-list": pgettext_lazy("audit log", "added to a reading list"),
    "explain-in-list": pgettext_lazy("audit log", "said why to read one of a list"),
    "remove-from-list": pgettext_lazy("audit log", "took out of a reading list"),
    "arrange-list": pgettext_lazy("audit log", "changed the order of a reading list"),
    # Templates
    "add-template": pgettext_lazy("audit log", "added a template"),
    "change-template": pgettext_lazy("audit log", "changed a template"),
    "remove-template": pgettext_lazy("audit log", "removed a template"),
    "restore-template": pgettext_lazy("audit log", "restored a template"),
    "restore-shipped-template": pgettext_lazy("audit log", "made a template what it came as"),
    "renew-template": pgettext_lazy("audit log", "renewed a template"),
    # Actions and their tickets
    "confirm-actions": pgettext_lazy("audit log", "confirmed the status of actions"),
    "add-tracker": pgettext_lazy("audit log", "added a tracker"),
    "change-tracker": pgettext_lazy("audit log", "changed a tracker"),
    "remove-tracker": pgettext_lazy("audit log", "removed a tracker"),
}
KINDS: Words = {
    "postmortem": _("Postmortem"),
    "user": _("Account"),
    "team": _("Team"),
    "invitation": _("Invitation"),
    "apitoken": _("Token"),
    "feedsecret": _("Feed key"),
    "savedsearch": _("Saved search"),
    "readinglist": _("Reading list"),
    "term": _("Term"),
    "vocabulary": _("Vocabulary"),
    "termsuggestion": _("Suggested term"),
    "taxonomystate": _("All vocabularies"),
    "bodytemplate": _("Template"),
    "storedfile": _("File"),
    "import": _("Import"),
    "reviewrule": _("Review rule"),
    "tracker": _("Tracker"),
    "act": _("Refused act"),
}


def words(table: Words, code: str) -> str:
    """The words for a code; the code itself where an act or a kind has none."""
    return str(table.get(code, code))


def choices_of_actions(chosen: str) -> list[tuple[str, str]]:
    """What the page offers to narrow by; what is asked for stands there even if it has no words."""
    return _choices(ACTIONS, chosen)


def choices_of_kinds(chosen: str) -> list[tuple[str, str]]:
    """The same for kinds of objects."""
    return _choices(KINDS, chosen)


def _choices(table: Words, chosen: str) -> list[tuple[str, str]]:
    codes = [*table, *([chosen] if chosen and chosen not in table else [])]
    return sorted(
        ((code, words(table, code)) for code in codes), key=lambda pair: pair[1].casefold()
    )
