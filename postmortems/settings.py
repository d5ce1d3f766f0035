"""All settings, read from the environment; safe to develop with by default. /help/running/ lists them."""

from pathlib import Path

import dj_database_url
import drf_spectacular_sidecar
from csp.constants import NONE, SELF
from django.contrib.messages.constants import ERROR, SUCCESS, WARNING

from postmortems import environment, logs

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = environment.read_directory("HINDSIGHT_DATA_DIR", BASE_DIR / "var")
MODE = environment.read_choice("HINDSIGHT_MODE", environment.MODES)
BASE_URL = environment.read_text("HINDSIGHT_BASE_URL").rstrip("/")
SECRET_KEY = environment.read_secret_key(DATA_DIR)
DEBUG = False
ALLOWED_HOSTS = environment.read_list("HINDSIGHT_ALLOWED_HOSTS") or (
    ["*"] if MODE == "demo" else []
)
# Only these may say in X-Forwarded-For who asks; everybody else is who they are.
TRUSTED_PROXIES = environment.read_networks("HINDSIGHT_TRUSTED_PROXIES")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL else []

# Ours come first, so that their commands and templates win over those of the same name elsewhere.
INSTALLED_APPS = [
    "taxonomy",
    "postmortems",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
]

# The order matters: what adds headers stands before what answers, the figures before all that they
# count, health before all that can fail, the request id before all that logs, compression outside of
# static files, and preferences after the user whose preferences they are.
MIDDLEWARE = [
    "postmortems.web.middleware.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "postmortems.web.metrics.MetricsMiddleware",
    "postmortems.web.middleware.HealthMiddleware",
    "postmortems.web.middleware.RequestIdMiddleware",
    "postmortems.web.middleware.CompressionMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "postmortems.web.middleware.PreferencesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "postmortems.web.middleware.NotAllowedMiddleware",
]

ROOT_URLCONF = "postmortems.urls"
WSGI_APPLICATION = "postmortems.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "postmortems.web.context.site",
            ],
        },
    }
]

# SQLite: write-ahead log, and every transaction takes the write lock at its start, so that two
# writers wait for each other instead of failing half-way. PostgreSQL: one connection for each thread,
# of which a worker has one; a server that hangs is noticed by `postmortems.postgresql`.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        "PRAGMA mmap_size=134217728; PRAGMA cache_size=-20000"
    ),
}
DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{DATA_DIR / 'hindsight.sqlite3'}", conn_health_checks=True
    )
}
DATABASE = environment.known_database(DATABASES["default"])
DATABASE["CONN_MAX_AGE"] = 600
if DATABASE["ENGINE"].endswith("sqlite3"):
    DATABASE["OPTIONS"] = SQLITE_OPTIONS
else:
    DATABASE["ENGINE"] = "postmortems.postgresql"

AUTH_USER_MODEL = "postmortems.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "search"
LOGOUT_REDIRECT_URL = "search"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "postmortems.passwords.LongEnough",
        "django.contrib.auth.password_validation.CommonPasswordValidator",
        "django.contrib.auth.password_validation.NumericPasswordValidator",
    )
]

PASSWORD_RESET_TIMEOUT = 2 * 3600

# Mail goes through a server, or into files of the data directory where none is named. "none" says
# that there is to be none, which production asks to be said.
MAIL_HOST = environment.read_text("HINDSIGHT_MAIL_HOST")
EMAIL_HOST = "" if MAIL_HOST == "none" else MAIL_HOST
MAIL_SECURITY = environment.read_choice("HINDSIGHT_MAIL_SECURITY", ("starttls", "tls", "none"))
EMAIL_PORT = environment.read_number("HINDSIGHT_MAIL_PORT", 587)
EMAIL_HOST_USER = environment.read_text("HINDSIGHT_MAIL_USER")
EMAIL_HOST_PASSWORD = environment.read_text("HINDSIGHT_MAIL_PASSWORD")
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL_SECURITY == "starttls", MAIL_SECURITY == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.read_text("HINDSIGHT_MAIL_FROM", "hindsight@localhost")
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文")]
LOCALE_PATHS = [BASE_DIR / "postmortems" / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
# Of the packaged files only those that are shown: the package has those of another viewer too.
SWAGGER_UI = Path(drf_spectacular_sidecar.__file__).parent.joinpath(
    "static", "drf_spectacular_sidecar", "swagger-ui-dist"
)
STATICFILES_DIRS = [BASE_DIR / "static", ("swagger-ui", SWAGGER_UI)]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "postmortems.web.static_files.HashedStorage"},
}
# Pages that are open during an update still ask for plain names, and so does gunicorn's old worker.
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "postmortems.web.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_ENGINE = "postmortems.web.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# A proxy's word on https is believed only where the site is told to stand behind one that says it.
IS_HTTPS = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = 63_072_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
# Browsers take a cookie of such a name only from this very host, over https: no neighbour plants one.
SESSION_COOKIE_NAME = "__Host-sessionid" if IS_HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if IS_HTTPS else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
# In the session and not in a cookie: messages may quote titles, and cookies travel and grow.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# The kinds of notices on a page.
MESSAGE_TAGS = {SUCCESS: "good", WARNING: "warn", ERROR: "bad"}
# A Document may have 4 MiB; as JSON, with its escapes, it may take twice as much.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
# The editor sends each field of each item: 2,000 timeline entries have some 10,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["postmortems.api.parsers.StrictJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "postmortems.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "EXCEPTION_HANDLER": "postmortems.api.errors.answer",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "DEFAULT_SCHEMA_CLASS": "postmortems.api.schema.Described",
    # There is one format; a parameter of that name is nobody's.
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Hindsight",
    "DESCRIPTION": (
        "Everything that people do on the pages of this site, for tools. Send a token as "
        "`Authorization: Bearer hs_…`; without one you see what is public. `/help/api/` is the guide."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SORT_OPERATIONS": False,
    "POSTPROCESSING_HOOKS": ["postmortems.api.schema.complete"],
    # Choices stand where they are used: their names would change with every other one.
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# Requests a minute that the API answers: by one token (or person), and from one address.
API_RATE_TOKEN = environment.read_number("HINDSIGHT_API_RATE", 6_000 if MODE == "demo" else 600)
API_RATE_ADDRESS = environment.read_number(
    "HINDSIGHT_API_RATE_ADDRESS", 12_000 if MODE == "demo" else 1_200
)

ATTACHMENTS_DIR = DATA_DIR / "attachments"
# Files of postmortems: how much one may have, how many one postmortem holds, and how much in all.
MOST_FILE_BYTES = environment.read_number("HINDSIGHT_FILE_MB", 20) * 1024 * 1024
MOST_FILES = environment.read_number("HINDSIGHT_POSTMORTEM_FILES", 100)
MOST_FILES_BYTES = environment.read_number("HINDSIGHT_POSTMORTEM_MB", 200) * 1024 * 1024
# What a request brings is written to the disk before any view looks at it: its length is bounded.
MOST_REQUEST_BYTES = 4 * MOST_FILE_BYTES
FILE_UPLOAD_HANDLERS = [
    "postmortems.web.uploads.BoundedHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 20

METRICS_TOKEN = environment.read_text("HINDSIGHT_METRICS_TOKEN")

# Signing in by an OpenID Connect provider. allauth speaks with it and keeps who is linked; accounts,
# pages and the second step are ours.
OIDC_ISSUER = environment.read_text("HINDSIGHT_OIDC_ISSUER").rstrip("/")
OIDC_NAME = environment.read_text("HINDSIGHT_OIDC_NAME", "Single sign-on")
OIDC_GROUPS_CLAIM = environment.read_text("HINDSIGHT_OIDC_GROUPS_CLAIM", "groups")
OIDC_GROUPS = environment.read_group_roles("HINDSIGHT_OIDC_GROUPS")
OIDC_LINK_BY_MAIL = environment.read_choice("HINDSIGHT_OIDC_LINK_BY_MAIL", ("no", "yes")) == "yes"
OIDC_PROVIDER = "sso"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": OIDC_PROVIDER,
                "name": OIDC_NAME,
                "client_id": environment.read_text("HINDSIGHT_OIDC_CLIENT_ID"),
                "secret": environment.read_text("HINDSIGHT_OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_ISSUER, "oauth_pkce_enabled": True},
            }
        ]
    }
}
SOCIALACCOUNT_ADAPTER = "postmortems.web.single_sign_on.Adapter"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "postmortems.second_step.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Hindsight"
MFA_TOTP_TOLERANCE = 1

# Who may still sign in with a password where there is an identity provider; empty for everybody.
LOCAL_SIGN_IN = [name.lower() for name in environment.read_list("HINDSIGHT_LOCAL_SIGN_IN")]
MARKS_FILE = DATA_DIR / "marks.sqlite3"
SEARCH_INDEX_DIR = DATA_DIR / "index"
DEMO_PASSWORD = "hindsight-demo"

LOGGING = logs.configuration()
