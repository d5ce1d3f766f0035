"""What views say about the requests they take."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from postmortems.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]


class AuthenticatedRequest(HttpRequest):
    """A request of a signed-in person, behind `login_required`."""

    user: User
    htmx: HtmxDetails
