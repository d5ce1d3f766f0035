"""Where a form may lead to beside this site: browsers ask it of every redirect after a form, too."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse


def let_form_go_to_provider(response: HttpResponse) -> HttpResponse:
    """Let this page's forms end at the identity provider; other pages keep theirs to the site."""
    if settings.OIDC_ISSUER:
        parts = urlsplit(settings.OIDC_ISSUER)
        # Read by the middleware that writes the header.
        response._csp_update = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}  # type: ignore[attr-defined]
    return response
