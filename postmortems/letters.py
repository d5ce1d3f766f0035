"""Mail to one person, sent beside the request: how long that takes must not tell who has an account."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import structlog
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

log = structlog.get_logger("postmortems.letters")


def send(to: str, subject: str, paragraphs: Sequence[str]) -> None:
    """Queue one plain mail; a failure is logged, with nothing of its text."""
    ending = _("You get this because your address stands in Hindsight, or was typed there.")
    body = "\n\n".join([*paragraphs, f"-- \n{ending}"])
    message = EmailMessage(subject=" ".join(subject.split()), body=body, to=[to])
    _queue().submit(_deliver, message)


def let_all_go() -> None:
    """Wait until what is queued now has been sent."""
    _queue().submit(int).result()


# Made at the first mail, in the process that serves: threads do not live through a fork. At its end
# a process waits for them, so that stopping loses no mail.
@lru_cache(maxsize=1)
def _queue() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="letters")


def _deliver(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception as error:
        log.error("mail not sent", error=type(error).__name__)
