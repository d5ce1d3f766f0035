"""Pages of a list: the size asked for, and the addresses of the next and the previous one."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from postmortems.digits import number_in
from postmortems.search.front_door import MOST_PAGE_SIZE, MOST_PAGES

PAGE_SIZE = 20


def page_size_of(text: str) -> int:
    """The page size asked for, 20 when none is; raises ValidationError outside 1 to 100."""
    size = number_in(text, 1, MOST_PAGE_SIZE) if text else PAGE_SIZE
    if size is None:
        raise ValidationError({"page_size": [_("A page holds 1 to 100 postmortems.")]})
    return size


def page_number_of(text: str) -> int:
    """The page asked for, the first when none is; raises ValidationError beyond the last that is."""
    number = number_in(text, 1, MOST_PAGES) if text else 1
    if number is None:
        raise ValidationError({"page": [_("That page does not exist; pages count from 1.")]})
    return number


def page_url(request: Request, page: int) -> str:
    """The address of another page of the same list: below the configured address of the site, else
    below that which the request came by."""
    return address_of(request, {"page": str(page)})


def address_of(request: Request, changed: Mapping[str, str], *, without: Sequence[str] = ()) -> str:
    """The address of the request with some parameters changed and some left out."""
    params = request.query_params.copy()
    for name in without:
        params.pop(name, None)
    for name, value in changed.items():
        params[name] = value
    path = f"{request.path}?{params.urlencode(safe='/:,')}"
    return f"{settings.BASE_URL}{path}" if settings.BASE_URL else request.build_absolute_uri(path)


def neighbours(request: Request, *, page: int, page_size: int, count: int) -> dict[str, str | None]:
    """`next` and `previous` of a list; deeper than search goes there is no next one."""
    is_last = page * page_size >= count or page >= MOST_PAGES
    return {
        "next": None if is_last else page_url(request, page + 1),
        "previous": page_url(request, page - 1) if page > 1 else None,
    }
