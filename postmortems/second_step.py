"""The second step of signing in: a code of an app, or one of ten recovery codes.

allauth's machinery with our own pages: its rows, its arithmetic; our counting of guesses, which is
exact over several processes.
"""

import base64
import hashlib

import structlog
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret, validate_totp_code
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from postmortems import audit, guessing, marks, outbox
from postmortems.models import User

# A code holds for its half minute and for those beside it.
USED_SECONDS = 120
CODE_LENGTH = 6

TOTP = Authenticator.Type.TOTP

log = structlog.get_logger("postmortems.second_step")


class Adapter(DefaultMFAAdapter):
    """Keeps the secrets encrypted: whoever reads the database alone makes no codes with it."""

    def encrypt(self, text: str) -> str:
        """The text as it is stored."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text as it was."""
        return _fernet().decrypt(encrypted_text.encode()).decode()


def is_on(user: User) -> bool:
    """Whether signing in takes a code."""
    return Authenticator.objects.filter(user=user, type=TOTP).exists()


def new_secret() -> str:
    """A secret for an app, encrypted, to be kept until `turn_on`."""
    return get_adapter().encrypt(generate_totp_secret())


def shown(user: User, kept: str) -> tuple[str, str]:
    """The secret to type into an app, and the address that its picture holds."""
    secret = get_adapter().decrypt(kept)
    return secret, get_adapter().build_totp_url(user, secret)


def picture(address: str) -> str:
    """The address as an SVG that a phone can read."""
    drawn = get_adapter().build_totp_svg(address)
    return drawn[drawn.index("<svg") :]


def turn_on(user: User, kept: str, code: str) -> list[str]:
    """Ask for codes from now on, once one has shown that the app works; returns the recovery codes."""
    with outbox.writing():
        # Asked under the lock: of a form that is sent twice at once, one finds it on.
        if is_on(user):
            raise ValidationError({"code": _("The second step is on already.")})
        secret = get_adapter().decrypt(kept)
        if not validate_totp_code(secret, code):
            says = _("This code is wrong. Is the clock of the phone right?")
            raise ValidationError({"code": says})
        stored = {"secret": get_adapter().encrypt(secret)}
        Authenticator.objects.create(user=user, type=TOTP, data=stored)
        Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
        codes: list[str] = RecoveryCodes.activate(user).generate_codes()
        audit.record("turn-on-second-step", user, by=user)
    return codes


def turn_off(user: User, code: str, *, browser: str) -> None:
    """Sign in without codes again; raises ValidationError for a wrong code, or TooManyGuesses."""
    if not is_right(user, code, browser=browser):
        raise ValidationError({"code": _("This code is wrong.")})
    _remove(user, by=user)


def take_from(user: User, *, by: User) -> None:
    """Let an account sign in without codes whose owner has lost them; for administrators."""
    if not by.is_administrator:
        raise PermissionDenied(_("Only administrators see and change accounts."))
    _remove(user, by=by)


def is_right(user: User, code: str, *, browser: str = "") -> bool:
    """Whether this is a code of the user's, which is used up then; raises TooManyGuesses."""
    code = "".join(code.split())
    with guessing.one_of("code", user.username, browser=browser) as guess:
        try:
            is_right = _is_of_app(user, code) or _is_recovery(user, code)
        except InvalidToken:
            # No code can be right until an administrator takes the second step away.
            log.error("second step cannot be read: the secret key is another", user=user.pk)
            return False
        if is_right:
            guess.was_right()
        return is_right


def _is_of_app(user: User, code: str) -> bool:
    row = Authenticator.objects.filter(user=user, type=TOTP).first()
    # Other digits than these are the same code to `int`, and would be used up apart.
    if row is None or len(code) != CODE_LENGTH or not (code.isascii() and code.isdigit()):
        return False
    if not validate_totp_code(get_adapter().decrypt(row.data["secret"]), code):
        return False
    return marks.once(f"code-used:{user.pk}:{code}", seconds=USED_SECONDS)


def _is_recovery(user: User, code: str) -> bool:
    kind = Authenticator.Type.RECOVERY_CODES
    row = Authenticator.objects.filter(user=user, type=kind).first()
    return row is not None and bool(RecoveryCodes(row).validate_code(code))


def _remove(user: User, *, by: User) -> None:
    with outbox.writing():
        if Authenticator.objects.filter(user=user).delete()[0]:
            audit.record("turn-off-second-step", user, by=by)


def _fernet() -> Fernet:
    key = hashlib.sha256(b"hindsight second step " + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
