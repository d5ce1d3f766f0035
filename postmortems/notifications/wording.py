"""What a notification says, in the language that is active; and where it leads."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postmortems.audit.masking import visible
from postmortems.models import Notification, Postmortem

Kind = Notification.Kind
# What is told of a review leads there, everything else to the text.
OF_REVIEWS = frozenset(
    {
        *(Kind.REVIEW_ASKED, Kind.REVIEWER_NAMED, Kind.APPROVED, Kind.CHANGES_ASKED),
        *(Kind.WITHDRAWN, Kind.COMMENTED, Kind.REPLIED),
    }
)


def sentence(row: Notification) -> str:
    """Who did what: `Bob asks for a review`. The title is not in it: not everybody is to read that."""
    values = {"who": who(row), "revision": row.revision, "n": row.times}
    if row.times > 1 and row.kind in (Kind.COMMENTED, Kind.REPLIED):
        return _repeated(row) % values
    return _forms(row)[row.kind] % values


def who(row: Notification) -> str:
    """The name of who acted, on one line."""
    if row.actor is None:
        return _("Somebody")
    return "Hindsight" if row.actor.is_system else visible(str(row.actor))


def path_of(row: Notification) -> str:
    """The page that tells more, with the comment where it is one."""
    postmortem = row.postmortem
    if row.kind in OF_REVIEWS:
        comment = f"#comment-{row.comment}" if row.comment else ""
        return reverse("postmortem-review", args=[postmortem.ref]) + comment
    # The address of what is restricted has no slug: that is made of the title.
    if is_veiled(postmortem):
        return reverse("postmortem-by-ref", args=[postmortem.ref])
    return postmortem.get_absolute_url()


def is_veiled(postmortem: Postmortem) -> bool:
    """Whether a mail must not tell what the postmortem is called: mail is kept where no right is asked."""
    return postmortem.visibility == Postmortem.Visibility.RESTRICTED


def _forms(row: Notification) -> dict[str, str]:
    approved = (
        _("%(who)s approved revision %(revision)s") if row.revision else _("%(who)s approved")
    )
    return {
        Kind.REVIEW_ASKED: _("%(who)s asks for a review"),
        Kind.REVIEWER_NAMED: _("%(who)s named you as a reviewer"),
        Kind.APPROVED: approved,
        Kind.CHANGES_ASKED: _("%(who)s asks for changes"),
        Kind.WITHDRAWN: _("%(who)s took it back from review"),
        Kind.COMMENTED: _("%(who)s commented"),
        Kind.REPLIED: _("%(who)s replied to a comment"),
        Kind.PUBLISHED: _("%(who)s published it"),
        Kind.ACTION_OVERDUE: _("An action is past its date"),
        Kind.SHARED: _("%(who)s shared it with you"),
        Kind.FOLLOWED: _("%(who)s published it; you follow one of its terms"),
    }


def _repeated(row: Notification) -> str:
    if row.kind == Kind.COMMENTED:
        form = ngettext(
            "%(n)s comment, by %(who)s", "%(n)s comments, the latest by %(who)s", row.times
        )
    else:
        form = ngettext(
            "%(n)s reply, by %(who)s", "%(n)s replies, the latest by %(who)s", row.times
        )
    return form
