"""How much a request may bring: looked at before a byte of it is written to the disk."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class BoundedHandler(FileUploadHandler):
    """Refuses a form that is longer than MOST_REQUEST_BYTES; the handlers after it take the rest."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Raise RequestDataTooBig; the server reads no more than the length that was told."""
        if content_length > settings.MOST_REQUEST_BYTES:
            raise RequestDataTooBig("The form and its files are longer than is taken in.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """For the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Left to the next handler."""
