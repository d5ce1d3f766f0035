"""Requests that may be sent again: an Idempotency-Key stands for one request and its one answer.

The answer is stored in the transaction of the act. Whoever gets no answer, because the line or the
server died, sends the request again with its key: either nothing had happened and now it does, or it
had, and the first answer comes once more.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems.api import tags
from postmortems.api.refusals import KeyUsed
from postmortems.models import KeptAnswer, Postmortem, User

KEPT = timedelta(hours=24)
KEY = re.compile(r"[\x21-\x7e]{1,255}")
HEADERS = ("Location", "ETag")
SWEPT = 20

View = TypeVar("View", bound=Callable[..., Response])


def repeatable(act: View) -> View:
    """Let a method of a view be sent again with an Idempotency-Key, for 24 hours.

    What fails is not kept: a request that was refused may be sent again under its key. Raises
    KeyUsed for a key that came with another request, ParseError for what is no key.
    """

    @wraps(act)
    def answered(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        if not isinstance(request.user, User) or (key := key_of(request)) is None:
            return act(view, request, *args, **kwargs)
        # Before the lock: a slow sender would hold up all who write.
        digest = _digest(request)
        with transaction.atomic():
            _lock(request.user, key)
            kept = KeptAnswer.objects.filter(owner=request.user, key=key).first()
            if kept is not None and kept.created_at > timezone.now() - KEPT:
                return _again(
                    kept, digest, request.user, lambda body: view.again(request, body, **kwargs)
                )
            response = act(view, request, *args, **kwargs)
            _keep(request.user, key, digest, response)
        return response

    # The OpenAPI document tells of the header wherever it is taken.
    answered.takes_key = answered.is_repeatable = True  # type: ignore[attr-defined]
    return answered  # type: ignore[return-value]


def key_of(request: Request) -> str | None:
    """The key that the request came with; raises ParseError for what is no key."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not KEY.fullmatch(key):
        raise ParseError(_("An Idempotency-Key has 1 to 255 visible ASCII characters."))
    return key


def is_repeatable(act: Any) -> bool:
    """Whether a method of a view was made so by `repeatable`."""
    return getattr(act, "is_repeatable", False)


def repeats_itself(act: View) -> View:
    """Say of a method that it takes an Idempotency-Key and sees to it by itself."""
    act.takes_key = True  # type: ignore[attr-defined]
    return act


def keep_bytes(request: Request) -> None:
    """Have the bytes of a keyed request still there when they are compared: looking for the token of a
    page's form reads them, before the act is reached."""
    is_upload = (request.content_type or "").startswith("multipart/")
    if "Idempotency-Key" in request.headers and not is_upload:
        _ = request._request.body


def _digest(request: Request) -> str:
    """What makes two requests the same: method, address, media type and all that is sent."""
    digest = hashlib.sha256()
    head = (request.method or "", request.get_full_path(), request.content_type or "")
    if not head[2].startswith("multipart/"):
        digest.update("\0".join(head).encode(errors="replace") + b"\0" + request._request.body)
        return digest.hexdigest()
    # The boundary between the parts is another each time.
    digest.update("\0".join((*head[:2], "multipart")).encode(errors="replace"))
    for name, value in request.data.dict().items():  # type: ignore[union-attr]
        is_file = isinstance(value, UploadedFile)
        said = value.name if is_file else str(value)
        digest.update(f"\0{name}\0{said}\0".encode(errors="replace"))
        if is_file:
            for chunk in value.chunks():
                digest.update(chunk)
            value.seek(0)
    return digest.hexdigest()


def _lock(owner: User, key: str) -> None:
    # SQLite's transactions begin IMMEDIATE: there nobody else writes already.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            name = f"answer {owner.pk} {key}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _again(
    kept: KeptAnswer, digest: str, owner: User, still_told: Callable[[Any], Any]
) -> Response:
    if kept.request != digest:
        raise KeyUsed
    about = kept.postmortem_id
    if about and not Postmortem.objects.visible_to(owner).filter(pk=about).exists():
        raise Http404
    first, headers = json.loads(kept.body), dict(kept.headers)
    if (body := still_told(first)) != first:
        # The tag is that of other bytes.
        headers.pop("ETag", None)
    response = Response(body, status=kept.status, headers=headers)
    response["Idempotency-Replayed"] = "true"
    return response


def _keep(owner: User, key: str, digest: str, response: Response) -> None:
    if response.status_code >= 300:
        return
    _sweep()
    headers = {name: response[name] for name in HEADERS if response.has_header(name)}
    if (version := getattr(response, "version", None)) is not None:
        headers.setdefault("ETag", tags.tag_of_data(response.data, version))
    KeptAnswer.objects.filter(owner=owner, key=key).delete()
    KeptAnswer.objects.create(
        owner=owner,
        key=key,
        request=digest,
        status=response.status_code,
        headers=headers,
        # An answer may say something that is told once only.
        body=json.dumps(getattr(response, "kept", response.data)),
        postmortem=getattr(response, "about", None),
    )


def _sweep() -> None:
    former = KeptAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).order_by("created_at")
    swept = former.select_for_update(skip_locked=True).values_list("pk", flat=True)[:SWEPT]
    KeptAnswer.objects.filter(pk__in=list(swept)).delete()
