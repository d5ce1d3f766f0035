"""What views say about the requests they take."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from postmortems.models import User


class AuthenticatedRequest(HttpRequest):
    """A request of a signed-in person, behind `login_required`."""

    user: User
    htmx: HtmxDetails
