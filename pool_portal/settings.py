"""All settings in one file; each variable of the environment is read once, here.

``docs/operations.md`` explains the variables. ``PORTAL_EMBEDDED`` is set by ``run.py``
when it brought the database itself: only then can a demo exist. With a database of your
own a real ``SECRET_KEY`` is demanded and no demo can load.
"""

import os
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from core.logs import logging_config
from pool_portal.schedule import SCHEDULE

django_stubs_ext.monkeypatch()

# numpy is loaded after this line, and reads it once. Its threads gain nothing on tables of ours
# and cost two to five times as much on a busy machine of two cores (docs/adr/0018).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

EMBEDDED = env.bool("PORTAL_EMBEDDED", default=False)
DEMO = EMBEDDED
STATE_DIR = Path(env.str("PORTAL_STATE_DIR", default=str(BASE_DIR / ".local")))
DEBUG = env.bool("DEBUG", default=False)

SECRET_KEY = env.str("SECRET_KEY", default="")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("Set SECRET_KEY to at least 50 random characters.")

SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
PORTAL_ORIGIN = env.str(
    "PORTAL_ORIGIN", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}"
)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("PORTAL_HTTPS", default=not EMBEDDED)

INSTALLED_APPS = [
    "pool_portal.apps.PoolPortalConfig",
    *(["demo"] if DEMO else []),
    "catalog",
    "evaluation",
    "submissions",
    "accounts",
    "reference",
    "core",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "pgtrigger",
    "pool_portal.apps.DeskConfig",  # Django admin, in the order of the officers' work
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "core.middleware.request_log",
    "catalog.api.middleware.api_frame",  # answers what is below /api/; nothing after it is called
    "catalog.middleware.KeptPages",  # what it sends was drawn by all below
    "core.middleware.known_methods",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.AddressGate",
]

ROOT_URLCONF = "pool_portal.urls"
WSGI_APPLICATION = "pool_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pool_portal.context.portal",
            ],
        },
    },
]

# PostgreSQL is the truth; there is no other database (docs/adr/0002).
DATABASES = {"default": env.db("DATABASE_URL", default="postgres://127.0.0.1/portal")}
DATABASES["default"] |= {
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
    "CONN_HEALTH_CHECKS": True,
    "ATOMIC_REQUESTS": False,
}
if EMBEDDED and DATABASES["default"]["HOST"] != "127.0.0.1":
    raise ImproperlyConfigured(
        "PORTAL_EMBEDDED is set by run.py for the database it brought itself; unset it, or the "
        "demonstration would show reset links on a real database."
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# Rate limits count in the database: they hold across processes, and need no Redis.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        # Beyond the usual 300 entries the table throws away live ones: asking under many names
        # would wipe out the counts that hold the asker back.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Lists of the vocabulary, the same for everybody, a minute long in each process.
    "vocabulary": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "vocabulary",
        "TIMEOUT": 60,
    },
}

# Accounts ------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PortalBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workplace"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.signup.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
# "strict": an address is taken when somebody confirmed it, not when somebody added it.
ACCOUNT_PREVENT_ENUMERATION = "strict"
# The password is asked again before an address or a second factor changes.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
# How many proxies of one's own stand before the portal: rate limits count the address behind them.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.RegistrationForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "add_email": "accounts.forms.AddEmailForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A passkey that checks who holds it (finger, face, PIN) signs in alone; others are a second factor.
MFA_PASSKEY_LOGIN_ENABLED = True
# Without HTTPS browsers allow passkeys on "localhost" only: the demonstration.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondFactorForm",
    "reauthenticate": "accounts.forms.SecondFactorReauthenticateForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
    "deactivate_totp": "accounts.forms.DeactivateTOTPForm",
    "generate_recovery_codes": "accounts.forms.GenerateRecoveryCodesForm",
    "authenticate_webauthn": "accounts.forms.AuthenticatePasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.ReauthenticatePasskeyForm",
    "login_webauthn": "accounts.forms.LoginPasskeyForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.EditPasskeyForm",
}
MFA_ADAPTER = "accounts.second_factor.SecondFactorAdapter"
MFA_TOTP_ISSUER = "Technology Pool"
MFA_TOTP_TOLERANCE = 1  # a telephone whose clock is half a minute off
PASSWORD_RESET_TIMEOUT = 3600

# Cookies and headers -------------------------------------------------------------------

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "pool_portal.views.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# No inline script or style, nothing from another site.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

# Languages and time --------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("ar", "العربية")]
LANGUAGES_COMPLETE = ["en", "zh-hans"]
# The second holds words of the libraries' pages that this portal writes its own way.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "borrowed" / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["pool_portal.formats"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# Files ---------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# With a bucket, uploads lie in an S3-compatible storage; else in a folder of this machine.
S3_BUCKET = env.str("S3_BUCKET", default="")
if S3_BUCKET and not find_spec("storages"):
    raise ImproperlyConfigured("S3_BUCKET needs: pip install -r requirements-s3.txt")
UPLOADS_IN_A_FOLDER = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": STATE_DIR / "uploads"},
}
UPLOADS_IN_A_BUCKET = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "bucket_name": S3_BUCKET,
        "endpoint_url": env.str("S3_ENDPOINT", default="") or None,
        "region_name": env.str("S3_REGION", default="") or None,
        "access_key": env.str("S3_ACCESS_KEY", default="") or None,
        "secret_key": env.str("S3_SECRET_KEY", default="") or None,
        "signature_version": "s3v4",
        "file_overwrite": False,
        "default_acl": None,  # the bucket is private; the portal alone reads it
    },
}
STORAGES = {
    "default": UPLOADS_IN_A_BUCKET if S3_BUCKET else UPLOADS_IN_A_FOLDER,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_242_880
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
ATTACHMENT_MAX_BYTES = 20 * 1024 * 1024
# What the files of one organisation may come to that are not submitted: begun drafts cost nothing.
UNSUBMITTED_MAX_BYTES = env.int("UNSUBMITTED_MAX_MB", default=4096) * 1024 * 1024
# Where clamd listens: "host:port", or the path of its socket. Empty: files are not scanned.
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# Mail ----------------------------------------------------------------------------------

# Mail is stored first and sent by the worker (core.mail). Without a server it stays in the
# portal, where the demo shows it on a page of its own.
_email = env.email("EMAIL_URL", default="dummymail://")
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email["EMAIL_HOST"]
EMAIL_PORT = _email["EMAIL_PORT"]
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Technology Pool <portal@localhost>")

# Celery --------------------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
# acks_late alone loses a task whose pool process dies first.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "catalog.sync.*": {"queue": "sync"},
    "evaluation.compute.*": {"queue": "compute"},
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = SCHEDULE

# Days for which a message that was delivered is kept, to look at (core.pruning).
OUTBOX_KEEP_DAYS = env.int("OUTBOX_KEEP_DAYS", default=30)
# Days for which it is kept who was nominated as an expert and did not consent.
NOMINATIONS_KEEP_DAYS = env.int("NOMINATIONS_KEEP_DAYS", default=30)
# Objections: working days until the ruling, and for the answer of the applicant; days for which
# it is kept who objected, after it was settled.
OBJECTION_DAYS = env.int("OBJECTION_DAYS", default=15)
OBJECTION_ANSWER_DAYS = env.int("OBJECTION_ANSWER_DAYS", default=10)
OBJECTIONS_KEEP_DAYS = env.int("OBJECTIONS_KEEP_DAYS", default=365)
SAVED_TEXTS_KEEP_DAYS = env.int("SAVED_TEXTS_KEEP_DAYS", default=180)
# Days for which a listing is suspended by one officer alone (catalog.measures), and months
# before its end from which the holder can ask that it is renewed.
LISTING_EMERGENCY_DAYS = env.int("LISTING_EMERGENCY_DAYS", default=7)
# Days in which the same officer does not suspend the same listing at once a second time.
LISTING_EMERGENCY_AGAIN_DAYS = env.int("LISTING_EMERGENCY_AGAIN_DAYS", default=90)
LISTING_RENEWAL_MONTHS = env.int("LISTING_RENEWAL_MONTHS", default=6)

# Enquiries to holders: days until the portal closes one, after its last message and after its
# report; days for which it is kept, once closed, who asked and what was written.
ENQUIRIES_OPEN_DAYS = env.int("ENQUIRIES_OPEN_DAYS", default=90)
ENQUIRIES_REPORTED_DAYS = env.int("ENQUIRIES_REPORTED_DAYS", default=180)
ENQUIRIES_KEEP_DAYS = env.int("ENQUIRIES_KEEP_DAYS", default=365)
# Months without a confirmation until the holder is asked, the listing is marked, it lapses.
ATTESTATION_MONTHS = env.int("ATTESTATION_MONTHS", default=12)
ATTESTATION_STALE_MONTHS = env.int("ATTESTATION_STALE_MONTHS", default=24)
ATTESTATION_LAPSE_MONTHS = env.int("ATTESTATION_LAPSE_MONTHS", default=36)
# Days for which an address is kept whose search nobody confirmed (catalog.saved).
SAVED_SEARCHES_KEEP_DAYS = env.int("SAVED_SEARCHES_KEEP_DAYS", default=7)
# Where readers tell what they looked for and did not find; "": nobody is named.
OFFICE_MAIL = env.str("OFFICE_MAIL", default="")

# Megabytes of public pages each process keeps as they were sent; 0: none (catalog.kept).
KEPT_PAGES_MB = env.int("KEPT_PAGES_MB", default=64)

# Programs ------------------------------------------------------------------------------

# Requests a minute that the interface for programs (/api/) answers to one address without a token,
# and to a token for which nothing else was said.
API_ANONYMOUS_PER_MINUTE = env.int("API_ANONYMOUS_PER_MINUTE", default=120)
API_TOKEN_PER_MINUTE = env.int("API_TOKEN_PER_MINUTE", default=600)

# Signed records ------------------------------------------------------------------------

# Where the private halves of the signing keys lie. Apart from "keys", whose passwords the
# processes that publish must not read.
SIGNING_KEYS_DIR = Path(env.str("PORTAL_SIGNING_KEYS_DIR", default=str(STATE_DIR / "signing")))
# Days for which the signed list of what is not listed any more may be relied on, offline.
DELISTED_FRESH_DAYS = env.int("DELISTED_FRESH_DAYS", default=7)

# The big data platform -----------------------------------------------------------------

LAKE_DIR = Path(env.str("PORTAL_LAKE_DIR", default=str(STATE_DIR / "lake")))

# The catalogue, read by machines --------------------------------------------------------

# On which terms its records may be used: an address, or a text. Empty: catalog.harvest.about.
CATALOGUE_TERMS = env.str("CATALOGUE_TERMS", default="")
# Whom harvesters write to; it is public.
CATALOGUE_CONTACT = env.str("CATALOGUE_CONTACT", default=parseaddr(DEFAULT_FROM_EMAIL)[1])
BULK_DIR = Path(env.str("PORTAL_BULK_DIR", default=str(STATE_DIR / "bulk")))

LOGGING = logging_config(level=env.str("LOG_LEVEL", default="INFO"))
