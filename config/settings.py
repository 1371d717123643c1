"""The one settings file. Every installation differs by environment variables only; docs/howto lists them.

Holds wiring, no logic: reading the environment and keeping secrets is `config.environment`.
"""

from __future__ import annotations

import os
from datetime import timedelta

from csp.constants import NONE, SELF

from config import environment

# The machine -----------------------------------------------------------------------------------------------------
DATA_DIR = environment.data_dir()
DEBUG = environment.flag("JIZHI_DEBUG")
HTTPS = environment.flag("JIZHI_HTTPS")  # behind a proxy that ends TLS: secure cookies and HSTS
SECRET_KEY = environment.secret_text("JIZHI_SECRET_KEY", "secret_key")
# The machine itself by default; a village network names its addresses: JIZHI_HOSTS="192.168.1.20 jizhi.lan"
ALLOWED_HOSTS = [
    *("localhost", "127.0.0.1", "[::1]"),
    *environment.words("JIZHI_HOSTS"),
    *environment.words("JIZHI_HOST"),
]

# Personal data: SM4 key for ID and phone numbers, HMAC key for their blind index
PERSONAL_DATA_KEY = environment.secret_bytes("JIZHI_PERSONAL_DATA_KEY", "personal_data_key", 16)
BLIND_INDEX_KEY = environment.secret_bytes("JIZHI_BLIND_INDEX_KEY", "blind_index_key", 32)

# Parts ------------------------------------------------------------------------------------------------------------
DOMAIN_APPS = [
    "accounts",
    "areas",
    "posts",
    "imports",
    "people",
    "organisations",
    "schemes",
    "reviews",
    "ledger",
    "seals",
    "participants",
    "claims",
    "visits",
    "matters",
    "activities",
    "channels",
    "recognition",
    "changes",
    "settlement",
    "drafting",
    "notices",
    "assemblies",
    "fairness",
    "store",
    "oversight",
]
AUDIENCES = [
    "signin",
    "public",
    "resident",
    "field",
    "desk",
    "register",
    "gridwork",
    "schemework",
    "fairwork",
]
_OURS = ["core", *DOMAIN_APPS, "web", *(f"web.{audience}" for audience in AUDIENCES)]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
    "axes",
    "pgtrigger",
    "procrastinate.contrib.django",
    *(f"jizhi.{app}" for app in _OURS),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jizhi.web.scoping.ScopeMiddleware",
    "jizhi.web.middleware.RequestMiddleware",
    "jizhi.web.idle.IdleMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jizhi.web.context.chrome",
            ],
        },
    }
]

# Database ---------------------------------------------------------------------------------------------------------
DATABASES = {"default": environment.database(os.environ.get("DATABASE_URL", ""))}
# What the pages run as, whoever is connected: see core.policies. An external server may call the role otherwise.
WEB_ROLE = environment.database(os.environ.get("JIZHI_WEB_DATABASE_URL", ""))["USER"] or "jizhi_web"
if environment.flag("JIZHI_POOL"):  # the web server's workers; one-off commands need no pool
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": environment.number("JIZHI_POOL_SIZE", 8),
    }

# Jobs: `jizhi serve` starts one worker beside the pages and says so; without it long work is done in the request
JOBS_IN_WORKER = environment.flag("JIZHI_JOBS_IN_WORKER")
PROCRASTINATE_IMPORT_PATHS = ["jizhi.intake.tasks"]

# People -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
FIRST_PASSWORD_DAYS = environment.number("JIZHI_FIRST_PASSWORD_DAYS", 14)  # then a new one has to be given
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "signin:staff"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Lock-out counts per account, wherever the tries come from: a household's PIN is short
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # it asks for the address as well; a village hall shares one
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "web/locked_out.html"

# 30 idle minutes for staff; signing in with a household card sets a longer life on its own session
SESSION_COOKIE_AGE = 30 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

# Answers ----------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"  # evidence photos: never served directly, views check who may see them
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a meeting decides many claims in one form

# Language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
# the apps have their own
LOCALE_PATHS = [environment.CHECKOUT / "jizhi" / name / "locale" for name in ("api", "cli", "intake")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
