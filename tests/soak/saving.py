"""Saving through the editor's page, at a moment that two processes have agreed on."""

import time

from django.test import Client, override_settings

from postmortems import content
from postmortems.models import Postmortem, User
from postmortems.web import editor_fields

PLAIN = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

_client: list[Client] = []


def save(ref: str, revision: int, text: str, at: float) -> int:
    """Send the form as it was at a revision, with another text; returns the status of the answer."""
    postmortem = Postmortem.objects.get(ref=ref)
    fields = editor_fields.fields_of(content.read(postmortem))
    form = fields | {"sections.impact": text, "revision": str(revision), "do": "save"}
    client = _signed_in()
    while time.time() < at:
        time.sleep(0.0005)
    # Nodes have no collected files; the names of stylesheets are not what this is about.
    with override_settings(ALLOWED_HOSTS=["*"], STORAGES=PLAIN):
        return client.post(f"/p/{ref}/edit/", form | {"key": "k" * 16}).status_code


def texts(ref: str) -> list[str]:
    """What each revision says, the first one first."""
    postmortem = Postmortem.objects.get(ref=ref)
    found = postmortem.revisions.order_by("number").values_list("document", flat=True)
    return [document["sections"]["impact"] for document in found]


def _signed_in() -> Client:
    if not _client:
        client = Client()
        client.force_login(User.objects.get(username="dana"))
        _client.append(client)
    return _client[0]
