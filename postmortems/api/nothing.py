"""What the API answers below its own address where there is nothing."""

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView


class NothingView(APIView):
    """404 as JSON for every method: a tool that mistypes an address must not be sent a web page."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Raise NotFound before credentials and methods are looked at."""
        raise NotFound()
