"""How somebody wants to be told by mail: asked, chosen, and stopped by the link that each mail carries."""

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems import audit, outbox
from postmortems.models import Mailbox, Notification, User
from postmortems.notifications import mail_times

# A link of this salt does one thing: it stops the mail of one account.
SALT = "postmortems.notifications.stop"


def mail_of(user: User) -> str:
    """What the user chose, one of `Mailbox.Mail`; at once for who never chose."""
    chosen = Mailbox.objects.filter(user=user).values_list("mail", flat=True).first()
    return chosen or Mailbox.Mail.AT_ONCE


def choose_mail(user: User, mail: str, *, by: User) -> None:
    """Set when the user wants mail; what waits to be mailed follows the new choice.

    Raises ValidationError for a choice that is none.
    """
    if mail not in Mailbox.Mail.values:
        raise ValidationError({"mail": _("“%(value)s” cannot be chosen.") % {"value": mail[:20]}})
    with outbox.writing():
        mailbox = Mailbox.objects.select_for_update().get_or_create(user=user)[0]
        if mailbox.mail == mail:
            return
        before, mailbox.mail = mailbox.mail, mail
        mailbox.save(update_fields=["mail"])
        due = mail_times.next_mail(mail, mail_times.zone_of(user), timezone.now())
        waiting = Notification.objects.filter(user=user, mail_due_at__isnull=False)
        waiting.update(mail_due_at=due)
        audit.record("choose-mail", user, by=by, before={"mail": before}, after={"mail": mail})


def stop_key(user: User) -> str:
    """What stands in the address that stops the user's mail without signing in. It never expires."""
    return signing.Signer(salt=SALT).sign_object(user.pk)


def holder_of(key: str) -> User | None:
    """The active user whose mail the key stops; None for a key that this site did not make."""
    try:
        number = signing.Signer(salt=SALT).unsign_object(key)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=number, is_active=True).first()
