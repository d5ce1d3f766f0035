"""The collection as plain files, as one viewer may read it: for the day on which the site itself is down.

Each page is what the site's own print page answers to that viewer, so no right is decided here.
"""

import html
import json
import posixpath
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation
from django.utils.html import strip_tags

from postmortems.access import Viewer
from postmortems.models import Postmortem, User

INDEX = "search-index"
# Loaded by a script element: pages opened from a disk may not fetch files.
INDEX_VARIABLE = "hindsightCopy"
ADDRESS = re.compile(r' (href|src)="(/[^"/][^"]*|/)"')
PAGE = re.compile(r"/p/([0-9a-z]{8})/[^#?]*(#.*)?")
MAIN = re.compile(r"<main>(.*)</main>", re.S)
IN_STYLES = re.compile(r"url\([\"']?([^)\"']+)[\"']?\)")


@dataclass(frozen=True)
class Line:
    """One postmortem in the copy's list."""

    ref: str
    title: str
    language: str
    team: str
    status: str
    day: str

    @property
    def url(self) -> str:
        """Its address on the site, which becomes that of its page in the copy."""
        return reverse("postmortem-by-ref", kwargs={"ref": self.ref})


@dataclass
class Copy:
    """A copy in the making."""

    folder: Path
    viewer: Viewer
    refs: frozenset[str]
    files: set[str] = field(default_factory=set)

    def page(self, ref: str) -> str:
        """Write the page of a postmortem; returns its text without markup."""
        response = answer(reverse("postmortem-print", kwargs={"ref": ref}), self.viewer)
        if response is None:
            # It was thrown away or hidden a moment ago.
            return ""
        text = cast(HttpResponse, response).content.decode()
        self.write(f"p/{ref}/index.html", self.with_own_addresses(text, "../../").encode())
        found = MAIN.search(text)
        return " ".join(html.unescape(strip_tags(found[1] if found else "")).split())

    def with_own_addresses(self, text: str, up: str) -> str:
        """The page with addresses inside of the copy; links to what is not in it become plain text."""

        def replaced(match: re.Match[str]) -> str:
            kept = self._address(html.unescape(match[2]), up)
            return f' {match[1]}="{html.escape(kept)}"' if kept else ""

        return ADDRESS.sub(replaced, text)

    def write(self, name: str, content: bytes) -> None:
        """One file of the copy."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def _address(self, address: str, up: str) -> str:
        if address.startswith(settings.STATIC_URL):
            return up + self._static(address.removeprefix(settings.STATIC_URL))
        if page := PAGE.fullmatch(address):
            return f"{up}p/{page[1]}/index.html{page[2] or ''}" if page[1] in self.refs else ""
        return self._file(address, up) if address.startswith("/attachments/") else ""

    def _static(self, name: str) -> str:
        target = f"static/{name}"
        if target not in self.files:
            self.files.add(target)
            content = Path(finders.find(name) or staticfiles_storage.path(name)).read_bytes()
            self.write(target, content)
            if name.endswith(".css"):
                for inner in IN_STYLES.findall(content.decode()):
                    self._static(posixpath.normpath(posixpath.join(posixpath.dirname(name), inner)))
        return target

    def _file(self, address: str, up: str) -> str:
        """An attachment, asked for as the viewer; its own address where that may not have it."""
        target = address.lstrip("/").rstrip("/")
        if target not in self.files and (response := answer(address, self.viewer)):
            self.files.add(target)
            self.write(target, content_of(response))
        return up + target if target in self.files else ""


def write(folder: Path, viewer: Viewer, *, language: str) -> int:
    """Write the copy in the place of the folder, at once when it is whole; returns how many
    postmortems it has. Raises ValueError for a folder that holds something else."""
    if folder.exists() and any(folder.iterdir()) and not (folder / f"{INDEX}.js").exists():
        raise ValueError(f"{folder} holds something else. Name a new folder, or an older copy.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        with translation.override(language):
            count = _written(beside, viewer, language)
        if folder.exists():
            folder.rename(old := beside.with_name(f"{beside.name}-old"))
            beside.rename(folder)
            shutil.rmtree(old)
        else:
            beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return count


def answer(path: str, viewer: Viewer) -> HttpResponseBase | None:
    """What the site answers the viewer at that address; None where it says that there is nothing."""
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.META = {"REQUEST_METHOD": "GET", "SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    request.user = viewer
    try:
        request.resolver_match = match = resolve(path)
        view: Callable[..., HttpResponseBase] = match.func
        response = view(request, *match.args, **match.kwargs)
    except (Http404, Resolver404):
        return None
    return response if response.status_code == 200 else None


def content_of(response: HttpResponseBase) -> bytes:
    """The whole body."""
    if isinstance(response, StreamingHttpResponse):
        return b"".join(cast(Iterator[bytes], response.streaming_content))
    return cast(HttpResponse, response).content


def _written(folder: Path, viewer: Viewer, language: str) -> int:
    shown = Postmortem.objects.visible_to(viewer).select_related("team")
    lines = [_line(item, language) for item in shown.order_by("-published_at", "ref")]
    copy = Copy(folder, viewer, frozenset(line.ref for line in lines))
    texts = [copy.page(line.ref) for line in lines]
    entries = [[line.ref, line.title, text] for line, text in zip(lines, texts, strict=True)]
    index = json.dumps(entries, separators=(",", ":"))
    copy.write(f"{INDEX}.json", index.encode())
    copy.write(f"{INDEX}.js", f"window.{INDEX_VARIABLE} = {index};\n".encode())
    context = {
        "lines": lines,
        "viewer": viewer if isinstance(viewer, User) else None,
        "now": timezone.now(),
        "base_url": settings.BASE_URL,
        "index": f"{INDEX}.js",
    }
    page = render_to_string("site_copy/index.html", context)
    copy.write("index.html", copy.with_own_addresses(page, "").encode())
    return len(lines)


def _line(postmortem: Postmortem, language: str) -> Line:
    title, title_language = postmortem.title_in(language)
    return Line(
        ref=postmortem.ref,
        title=title,
        language=title_language,
        team=postmortem.team.name,
        status="" if postmortem.status == "published" else postmortem.get_status_display(),
        day=postmortem.published_at.date().isoformat() if postmortem.published_at else "",
    )
