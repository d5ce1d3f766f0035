"""What a credential allows before any verb is asked: reading for all, changing with the scope for it."""

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from postmortems.models import ApiToken


class WritesNeedScope(BasePermission):
    """Unsafe methods need somebody who is signed in; by a token, one with the scope `write`."""

    scope = "write"

    def has_permission(self, request: Request, view: APIView) -> bool:
        """False where a credential is missing, which answers 401; raises PermissionDenied for a token
        of a lesser scope."""
        if request.method in SAFE_METHODS:
            return True
        if isinstance(request.auth, ApiToken) and not request.auth.includes(self.scope):
            message = _("Changing this needs a token with the scope “%(scope)s”.")
            raise PermissionDenied(message % {"scope": self.scope})
        return bool(request.user and request.user.is_authenticated)


class ChangesNeedAdminScope(WritesNeedScope):
    """The same for what gives rights or holds for the whole site: a token needs the scope `admin`."""

    scope = "admin"
