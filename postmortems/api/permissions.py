"""What a credential allows before any verb is asked: reading for all, changing with the scope for it."""

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from postmortems.models import ApiToken


class WritesNeedScope(BasePermission):
    """Unsafe methods need somebody who is signed in; by a token, one with the scope `write`."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """False where a credential is missing, which answers 401; raises PermissionDenied for one that
        may only read."""
        if request.method in SAFE_METHODS:
            return True
        if isinstance(request.auth, ApiToken) and not request.auth.includes("write"):
            raise PermissionDenied(_("This token may only read; changing needs the scope “write”."))
        return bool(request.user and request.user.is_authenticated)
