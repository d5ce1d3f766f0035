"""The answer that hands a stored file over: inert, in pieces, asked anew each time. For pages and API."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import structlog
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header, parse_etags

from postmortems import attachments, file_store
from postmortems.models import StoredFile

log = structlog.get_logger(__name__)

# Whatever a file holds, no script of it runs and nothing is loaded by it, on its own or framed.
POLICY = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


@dataclass(frozen=True)
class Span:
    """A part of a file: the place of its first byte and how many there are."""

    first: int
    length: int


class Pieces:
    """The bytes of a span, a block at a time; closing it closes the file, begun or not."""

    def __init__(self, source: BinaryIO, span: Span) -> None:
        self.source, self.left = source, span.length
        source.seek(span.first)

    def __iter__(self) -> Iterator[bytes]:
        while block := self.source.read(min(file_store.BLOCK, self.left)):
            self.left -= len(block)
            yield block

    def close(self) -> None:
        """Let go of the file."""
        self.source.close()


def hand_over(request: HttpRequest, file: StoredFile, size: str = "") -> HttpResponseBase:
    """The file, or one of its thumbnails, to someone who may read it; Http404 where it is not there."""
    if size and not (file.is_picture and size in file_store.SIZES):
        raise Http404
    try:
        source = attachments.open_bytes(file, size)
    except FileNotFoundError:
        log.error("a stored file has no bytes", file=file.pk)
        raise Http404 from None
    whole = source.seek(0, 2)
    tag = f'"{file.digest[:32]}{size and "-"}{size}"'
    asked = _asked(request, tag, whole)
    answer: HttpResponseBase
    if _is_known(request, tag):
        answer = HttpResponse(status=304)
    elif asked is None:
        answer = HttpResponse(status=416, headers={"Content-Range": f"bytes */{whole}"})
    elif request.method == "HEAD":
        answer = HttpResponse(headers={"Content-Length": str(whole)})
    else:
        answer = StreamingHttpResponse(Pieces(source, asked))
        answer["Content-Length"] = str(asked.length)
        if asked.length < whole:
            last = asked.first + asked.length - 1
            answer.status_code = 206
            answer["Content-Range"] = f"bytes {asked.first}-{last}/{whole}"
    if not isinstance(answer, StreamingHttpResponse):
        source.close()
    _set_headers(request, answer, file, size)
    answer["ETag"] = tag
    return answer


def _set_headers(
    request: HttpRequest, answer: HttpResponseBase, file: StoredFile, size: str
) -> None:
    media = "image/webp" if size else file.media_type
    is_text = media == "text/plain"
    answer["Content-Type"] = f"{media}; charset=utf-8" if is_text else media
    name = f"{file.name.rpartition('.')[0]}.webp" if size else file.name
    shown = content_disposition_header(as_attachment=not file.is_picture, filename=name)
    answer["Content-Disposition"] = shown or "attachment"
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Accept-Ranges"] = "bytes"
    # Kept by the reader's own browser, which asks each time whether it may still show it.
    answer["Cache-Control"] = "private, no-cache"
    # Compressing would change the length that a range counts in; the middleware looks at this.
    request.META["HTTP_ACCEPT_ENCODING"] = "identity"


def _is_known(request: HttpRequest, tag: str) -> bool:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or tag in (one.removeprefix("W/") for one in known)


def _asked(request: HttpRequest, tag: str, whole: int) -> Span | None:
    """The span that is asked for; the whole for several or none, None for one that is not there."""
    everything = Span(0, whole)
    found = RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if not found or request.headers.get("If-Range", tag) != tag or not any(found.groups()):
        return everything
    first, last = found.groups()
    if not first:
        length = min(int(last), whole)
        return Span(whole - length, length) if length else None
    start, end = int(first), min(int(last or whole), whole - 1)
    if last and int(last) < start:
        return everything
    return Span(start, end - start + 1) if start < whole else None
