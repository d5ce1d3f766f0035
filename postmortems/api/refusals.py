"""What the API refuses beyond what DRF has words for; `errors` makes the answers of them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions


class Moved(exceptions.APIException):
    """409: what is asked for does not fit the state the thing is in now; `reasons` say why, by field."""

    status_code = 409

    def __init__(self, detail: str, reasons: Any = None) -> None:
        self.reasons = reasons
        super().__init__(detail)


class PreconditionFailed(exceptions.APIException):
    """412: the version named by If-Match is not the current one; `tag` is the current tag."""

    status_code = 412

    def __init__(self, tag: str) -> None:
        self.tag = tag
        super().__init__(
            _("Read it again, look at what has changed, and send your change with its new tag.")
        )


class PreconditionRequired(exceptions.APIException):
    """428: a change that names no version could undo somebody's work unseen."""

    status_code = 428
    default_detail = gettext_lazy(
        "Send the tag that reading gave you (ETag) as If-Match, so that nobody's change is lost."
    )


class TooLarge(exceptions.APIException):
    """413: more was sent than is taken."""

    status_code = 413


class NoSuchRange(exceptions.APIException):
    """416: the part of the bytes that is asked for lies behind their end."""

    status_code = 416
    default_detail = gettext_lazy("The file has no such bytes: it is shorter.")


class KeyUsed(exceptions.APIException):
    """422: an idempotency key that stands for another request."""

    status_code = 422
    default_detail = gettext_lazy(
        "This Idempotency-Key was sent with another request before. Use a new key for a new request."
    )
