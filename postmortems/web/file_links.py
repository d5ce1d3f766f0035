"""The files of a postmortem as pages show them: a list with thumbnails, and pictures where a text names them."""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from postmortems import image_worker, stored_files
from postmortems.document import Attachment, Document
from postmortems.models import Postmortem, StoredFile
from postmortems.rendering import Rendered

LARGE = image_worker.SIDES["large"]
# What the renderer's cleaner has written: it escapes every other angle bracket and quote.
REST = r'(?:[^">]|"[^"]*")*>'
IMAGE = re.compile(rf'<img (?=(?:[^">]|"[^"]*")*?src="/attachments/([\w-]+)){REST}', re.ASCII)
LINK = re.compile(r'href="/attachments/([\w-]+)[^"]*"', re.ASCII)
ALT = re.compile(r'alt="([^"]*)"')

Files = Mapping[str, StoredFile]


@dataclass(frozen=True)
class FileRow:
    """One file of a list. Without an address it is a name alone: the file is not stored any more."""

    id: str
    name: str
    url: str = ""
    thumbnail: str = ""
    size: str = ""
    width: int = 0
    height: int = 0


def url_of(file: StoredFile, size: str = "") -> str:
    """The address of a file or of its thumbnail; one of its own while it belongs to no postmortem."""
    given = {"file_id": file.pk, "name": file.name} | ({"size": size} if size else {})
    kind = "thumbnail" if size else "file"
    if file.postmortem is None:
        return reverse(f"own-{kind}", kwargs=given)
    return reverse(f"postmortem-{kind}", kwargs={"ref": file.postmortem.ref, **given})


def files_of(postmortem: Postmortem, document: Document) -> Files:
    """The files that the content names and that are the postmortem's, by id."""
    found = stored_files.of(postmortem, stored_files.named_in(document))
    for file in found.values():
        # Known already: asking for it again would be a statement for each file.
        file.postmortem = postmortem
    return found


def rows_of(attachments: Iterable[Attachment], files: Files) -> tuple[FileRow, ...]:
    """The list in the order of the content, under the names that it gives."""
    return tuple(row_of(item.id, item.name, files.get(item.id)) for item in attachments)


def row_of(file_id: str, name: str, file: StoredFile | None) -> FileRow:
    """One line of the list."""
    if file is None:
        return FileRow(file_id, name)
    width, height = _fitted(file, image_worker.SIDES["small"])
    return FileRow(
        id=file_id,
        name=name,
        url=url_of(file),
        thumbnail=url_of(file, "small") if file.is_picture else "",
        size=filesizeformat(file.size),
        width=width,
        height=height,
    )


def shown_in(rendered: Mapping[str, Rendered], files: Files) -> dict[str, Rendered]:
    """Rendered texts with the files they name; an id that is no file of the content shows nothing."""
    return {text: replace(made, html=shown(made.html, files)) for text, made in rendered.items()}


def shown(safe_html: str, files: Files) -> str:
    """The same for one text."""
    if "/attachments/" not in safe_html:
        return safe_html
    with_images = IMAGE.sub(partial(_image, files), safe_html)
    return LINK.sub(partial(_link, files), with_images)


def ids_in(safe_html: str) -> list[str]:
    """The ids of the files that a rendered text names."""
    return list(dict.fromkeys([*IMAGE.findall(safe_html), *LINK.findall(safe_html)]))


def _image(files: Files, found: re.Match[str]) -> str:
    words = ALT.search(found[0])
    alt = words[1] if words else ""
    file = files.get(found[1])
    if file is None or not file.is_picture:
        return alt
    width, height = _fitted(file, LARGE)
    url = html.escape(url_of(file))
    source = f'src="{url}"'
    if max(file.width or 0, file.height or 0) > LARGE:
        large = html.escape(url_of(file, "large"))
        source = f'src="{large}" srcset="{large} {width}w, {url} {file.width}w" sizes="42rem"'
    return f'<img alt="{alt}" {source} width="{width}" height="{height}" loading="lazy">'


def _link(files: Files, found: re.Match[str]) -> str:
    file = files.get(found[1])
    return f'href="{html.escape(url_of(file))}"' if file else 'data-no-file=""'


def _fitted(file: StoredFile, side: int) -> tuple[int, int]:
    width, height = file.width or 0, file.height or 0
    factor = min(1.0, side / max(width, height, 1))
    return max(1, round(width * factor)), max(1, round(height * factor))
