"""Settings common to every environment.

Everything that differs between machines comes from environment variables with the ecosystem's
names, read here by django-environ and listed in `.env.example`. No variable is read elsewhere.
"""

from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _
from accounts.allauth_settings import *  # noqa: F403
from languages.django_setup import install_lang_info
from portal.settings.files import private_storage

install_lang_info()

ROOT = Path(__file__).resolve().parents[3]
SITE = ROOT / "site"

env = environ.Env()
environ.Env.read_env(ROOT / ".env", overwrite=False)

# -- Identity of the site --------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY", default="")
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000")
#: Demonstration data is marked on every page, and demonstration accounts may exist.
DEMO = env.bool("DEMO", default=False)
#: The portal may play the payment systems for accounts marked as the sandbox's. Never with money.
PAYMENTS_SANDBOX = env.bool("PAYMENTS_SANDBOX", default=DEMO)

INSTALLED_APPS = [
    "portal",
    "demo",
    "registry",
    "casework",
    "forms.apps.FormsConfig",
    "payments",
    "search",
    "home",
    "service_pages",
    "accounts",
    "operations",
    "core",
    "languages",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "accounts.users_app.PortalUsersConfig",  # wagtail.users with our form
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "accounts.oneid",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "operations.serving.ServingMiddleware",
    "operations.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "operations.middleware.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "operations.middleware.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.spelling.NewSpellingMiddleware",
    "portal.middleware.LanguageAliasMiddleware",
    "portal.middleware.ChosenLanguageMiddleware",
    "portal.middleware.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "core.middleware.TidiedMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.PersonalPagesMiddleware",
    "portal.errors.ErrorPagesMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
ASGI_APPLICATION = "portal.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context_processors.portal",
            ],
        },
    },
]

# -- Data ------------------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{ROOT / 'var' / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Writers queue instead of failing: a write lock is taken at BEGIN, readers go on (WAL).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = env.bool("DATABASE_POOL", default=True)
    # Compiling a statement for a second to run it for thirty milliseconds never pays here; a search
    # adds up in memory.
    DATABASES["default"]["OPTIONS"].setdefault("options", "-c jit=off -c work_mem=16MB")

CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://portal")}
#: Whole answers for anonymous readers. Without a cache that all processes share only one process
#: may keep them (portal/checks.py), since the content generation lives in that cache.
SHARED_CACHE = "locmem" not in CACHES["default"]["BACKEND"]
PAGE_CACHE = env.bool("PAGE_CACHE", default=SHARED_CACHE)
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

TASKS = {
    "default": {
        "BACKEND": env.str(
            "TASKS_BACKEND", default="django_tasks.backends.immediate.ImmediateBackend"
        )
    }
}

# -- Files -----------------------------------------------------------------------------------
VAR = Path(env.str("VAR_DIR", default=str(ROOT / "var")))
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
#: Applicants' files: never under a public URL.
PRIVATE_ROOT = VAR / "private"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": private_storage(env.str("PRIVATE_STORAGE_URL", default=""), PRIVATE_ROOT),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
#: One request may carry this many bytes; nginx's `client_max_body_size` is the same figure.
MAX_REQUEST_BYTES = 26 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024

# -- Languages -------------------------------------------------------------------------------
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "Asia/Samarkand"
LANGUAGE_CODE = "uz"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [
    ("uz", "Oʻzbekcha"),
    ("uz-cyrl", "Ўзбекча"),
    ("kaa", "Qaraqalpaqsha"),
    ("ru", "Русский"),
    ("en", "English"),
]
#: Set by the reader's own choice alone (portal.middleware.ChosenLanguageMiddleware); one year.
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = "languages.formats"
WAGTAIL_I18N_ENABLED = True
#: What the admin speaks (Uzbek by `locale/uz`); the first is for whoever asks for another.
WAGTAILADMIN_PERMITTED_LANGUAGES = [row for row in LANGUAGES if row[0] != "kaa"]
# Translating never publishes: a half-translated page must not go live by itself.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
WAGTAIL_LOCALIZE_DEFAULT_TRANSLATION_MODE = "synced"
WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {"CLASS": "languages.translator.ScriptTranslator"}

# -- Wagtail ---------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = _("Single portal")
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_USER_TIME_ZONES = ["Asia/Samarkand", "Asia/Tashkent"]
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
# Lists and choosers of the admin search by our analysis, too (search/backends/admin.py).
WAGTAILSEARCH_BACKENDS: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "search.backends.admin"}
}
#: Nodes of one cluster, comma-separated, with the same user and password or none; empty: the
#: database answers searches.
ELASTICSEARCH_URL = env.str("ELASTICSEARCH_URL", default="")
ELASTICSEARCH_API_KEY = env.str("ELASTICSEARCH_API_KEY", default="")
#: File with the certificate of the authority that signed the nodes' certificates.
ELASTICSEARCH_CA = env.str("ELASTICSEARCH_CA", default="")
ELASTICSEARCH_INDEX_PREFIX = env.str("ELASTICSEARCH_INDEX_PREFIX", default="portal-")
ELASTICSEARCH_SHARDS = env.int("ELASTICSEARCH_SHARDS", default=1)
#: A number, or a range that follows the number of nodes.
ELASTICSEARCH_REPLICAS = env.str("ELASTICSEARCH_REPLICAS", default="0-1")
#: Seconds that a search waits for the node before the database answers.
ELASTICSEARCH_TIMEOUT = env.float("ELASTICSEARCH_TIMEOUT", default=1.0)
if ELASTICSEARCH_URL:
    # For `update_index`; the portal itself tells the node what changed (search/node.py).
    WAGTAILSEARCH_BACKENDS["node"] = {
        "BACKEND": "search.backends.elasticsearch",
        "AUTO_UPDATE": False,
    }

# -- Registry --------------------------------------------------------------------------------
#: Nothing is live as interactive without a decision of the council (registry/deciding.py).
REGISTRY_NEEDS_DECISION = env.bool("REGISTRY_NEEDS_DECISION", default=True)

#: Key of the agency whose head signs the yearly report; empty: an administrator does.
REPORT_AGENCY = env.str("REPORT_AGENCY", default="")

# -- People ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("full_name", "email", "phone")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.GuessablePasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "casework:my_requests"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
#: OneID; without an address, or without a name and a secret, nobody is sent there.
ONEID_URL = env.str("ONEID_URL", default="")
ONEID_CLIENT_ID = env.str("ONEID_CLIENT_ID", default="")
ONEID_CLIENT_SECRET = env.str("ONEID_CLIENT_SECRET", default="")
ONEID_SCOPE = env.str("ONEID_SCOPE", default=ONEID_CLIENT_ID)
#: Seconds that each of the calls to OneID may take.
ONEID_TIMEOUT = env.float("ONEID_TIMEOUT", default=8.0)
#: Field encryption: the first key writes, every key reads (rotation).
FIELD_KEYS = env.list("FIELD_KEYS", default=[])

# -- Messages --------------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Yagona portal <no-reply@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
#: `operations.eskiz.EskizGateway` or `operations.playmobile.PlayMobileGateway` with what follows.
SMS_GATEWAY = env.str("SMS_GATEWAY", default="operations.sms.ConsoleGateway")
SMS_ESKIZ = {
    "url": env.str("ESKIZ_URL", default="https://notify.eskiz.uz/api"),
    "email": env.str("ESKIZ_EMAIL", default=""),
    "password": env.str("ESKIZ_PASSWORD", default=""),
    "sender": env.str("ESKIZ_SENDER", default="4546"),
}
SMS_PLAYMOBILE = {
    "url": env.str("PLAYMOBILE_URL", default="https://send.smsxabar.uz/broker-api/send"),
    "login": env.str("PLAYMOBILE_LOGIN", default=""),
    "password": env.str("PLAYMOBILE_PASSWORD", default=""),
    "originator": env.str("PLAYMOBILE_ORIGINATOR", default="3700"),
}
#: Part of the address to which a gateway reports deliveries; empty: none are taken.
SMS_CALLBACK_SECRET = env.str("SMS_CALLBACK_SECRET", default="")

# -- Files and signatures of forms -----------------------------------------------------------
#: clamd as "host:port" or the path of its socket; files are refused while it does not answer.
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")
#: A server that verifies electronic signatures; without it signed forms cannot be sent.
SIGNATURE_URL = env.str("SIGNATURE_URL", default="")

# -- Security --------------------------------------------------------------------------------
#: No inline script anywhere in public, hence no nonce: a page from the cache would replay it.
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/admin/",),
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'none'"],
        "connect-src": ["'self'"],
        # A browser that follows a form's redirect to OneID asks this too.
        "form-action": ["'self'", *filter(None, ["/".join(ONEID_URL.split("/")[:3])])],
        "frame-ancestors": ["'self'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
    },
}
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
#: W019 asks to forbid all frames; the editor shows its preview in one, hence SAMEORIGIN.
SILENCED_SYSTEM_CHECKS = ["security.W019"]

# -- Logs: one line of JSON a record, no personal data ------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"private": {"()": "operations.logs.PrivacyFilter"}},
    "formatters": {"json": {"()": "operations.logs.JsonFormatter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "filters": ["private"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # A line for each indexed page says nothing.
        "django_tasks": {"level": "WARNING"},
        # Nor does one for each request to the node.
        "elastic_transport": {"level": "WARNING"},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
