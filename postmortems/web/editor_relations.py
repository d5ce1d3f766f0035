"""Relations in the editor: what stands in their fields, what it is called, and what there is to choose."""

import re
from collections.abc import Iterable, Mapping

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from postmortems.models import Postmortem, User
from postmortems.models.postmortem import is_ref
from postmortems.moments import Moment
from postmortems.search import search
from postmortems.templatetags.moments_tags import moment_short
from postmortems.templatetags.title_tags import title_words
from postmortems.web.requests import AuthenticatedRequest

TARGET = re.compile(r"relations\.[0-9]{1,15}\.target")
ADDRESS = re.compile(r"/p/([0-9a-z]{8})(?=[/?#]|$)", re.IGNORECASE)
OFFERED = 8
# Shorter beginnings of words are those of too many.
BEGINNING = 3


def ref_in(typed: str) -> str:
    """The ref in an address, or the ref that is typed; anything else as it is."""
    match = ADDRESS.search(typed)
    ref = (match[1] if match else typed.strip()).lower()
    return ref if is_ref(ref) else typed.strip()


def titles_of(fields: Mapping[str, str], by: User) -> dict[str, str]:
    """What the postmortems in the fields of relations are called, by the name of the field; empty for
    one that the viewer does not see."""
    typed = {name: ref_in(text) for name, text in fields.items() if text and TARGET.fullmatch(name)}
    if not typed:
        return {}
    found = {item.ref: title_words(item) for item in _seen(typed.values(), by)}
    return {name: found.get(ref, "") for name, ref in typed.items()}


@login_required
@require_safe
def relatives(request: AuthenticatedRequest) -> HttpResponse:
    """Postmortems that `q` finds, for the reader to choose one; `ref` is the one being written."""
    typed = request.GET.get("q", "").strip()
    own = request.GET.get("ref", "").lower()
    found = _found(typed, request.user) if typed else {}
    refs = [ref for ref in found if ref != own][:OFFERED]
    # The rights as they are now, and not as they were when the index was written.
    titles = {item.ref: title_words(item) for item in _seen(refs, request.user)}
    rows = [
        {"ref": ref, "title": titles[ref], "when": moment_short(found[ref])}
        for ref in refs
        if ref in titles
    ]
    return JsonResponse({"found": rows})


def _found(typed: str, by: User) -> dict[str, Moment | None]:
    """What a text means, with when that began: the postmortem that it names, else those it finds."""
    ref = ref_in(typed)
    if is_ref(ref) and _seen([ref], by).exists():
        return {ref: None}
    language = translation.get_language() or "en"
    asked = [typed]
    # While a word is being typed only its beginning is there.
    if len(typed) >= BEGINNING and typed[-1].isalnum():
        asked.append(f"{typed}*")
    results = (search(text, {}, by, page_size=OFFERED + 1, language=language) for text in asked)
    return {hit.ref: hit.moments["started"] for result in results for hit in result.hits}


def _seen(refs: Iterable[str], by: User) -> QuerySet[Postmortem]:
    return Postmortem.objects.visible_to(by).filter(ref__in=[ref for ref in refs if is_ref(ref)])
