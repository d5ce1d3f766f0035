"""What the API answers below its own address where there is nothing."""

from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from postmortems.api.resources import Counted


class NothingView(Counted):
    """404 as JSON for every method: a tool that mistypes an address must not be sent a web page."""

    # No operation is here to describe.
    schema = None

    def perform_authentication(self, request: Request) -> None:
        """Raise NotFound before credentials and methods are looked at."""
        raise NotFound()
