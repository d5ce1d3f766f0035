"""/api/docs/: every operation of the API to read and to try out."""

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from postmortems.web.shortcuts import render_page


# The viewer's stylesheet has its drawings in itself, as data; here alone they may be shown.
@csp_update({"img-src": "data:"})
@require_safe
def api_page(request: HttpRequest) -> HttpResponse:
    """The page; what it shows is read from the OpenAPI document by a script."""
    return render_page(request, "help/operations.html", {})
