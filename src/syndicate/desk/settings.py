"""Django settings of the desk, on top of the records' ones. The verb `desk` says through the environment how it serves.

SYNDICATE_DESK_HOSTS  further host names it answers to, separated by commas
SYNDICATE_DESK_HTTPS  1 where a proxy speaks HTTPS with the editors
"""

import hashlib
import os
from pathlib import Path

from syndicate.config.secrets import office_key
from syndicate.records.settings import (
    AUTH_PASSWORD_VALIDATORS,
    AUTH_USER_MODEL,
    DEFAULT_AUTO_FIELD,
    LANGUAGE_CODE,
    PASSWORD_HASHERS,
    TIME_ZONE,
    USE_TZ,
    database_for,
    database_url,
)
from syndicate.records.settings import INSTALLED_APPS as RECORDS_APPS

__all__ = [
    "AUTH_PASSWORD_VALIDATORS",
    "AUTH_USER_MODEL",
    "DEFAULT_AUTO_FIELD",
    "LANGUAGE_CODE",
    "PASSWORD_HASHERS",
    "TIME_ZONE",
    "USE_TZ",
]

HOME = Path(os.environ.get("SYNDICATE_HOME", ".")).resolve()
DATABASES = {"default": database_for(database_url(HOME), HOME)}
HTTPS = os.environ.get("SYNDICATE_DESK_HTTPS", "") == "1"

# Sessions and forms are signed with a key of their own, so that the office key itself is used for nothing but secrets.
SECRET_KEY = hashlib.sha256(b"syndicate desk: sessions and forms\0" + office_key(HOME)).hexdigest()
DEBUG = False
ALLOWED_HOSTS = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    *filter(None, (name.strip() for name in os.environ.get("SYNDICATE_DESK_HOSTS", "").split(","))),
]

INSTALLED_APPS = [*RECORDS_APPS, "django.contrib.staticfiles"]
ROOT_URLCONF = "syndicate.desk.urls"
APPEND_SLASH = False
MIDDLEWARE = [
    "syndicate.desk.middleware.headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "syndicate.desk.middleware.OpenOffice",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "OPTIONS": {
            "builtins": ["syndicate.desk.filters", "django.templatetags.i18n", "django.templatetags.static"],
            "context_processors": ["syndicate.desk.context.around"],
        },
    }
]
STATIC_URL = "/static/"
STATICFILES_DIRS = [Path(__file__).parent / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_USE_FINDERS = True
USE_I18N = True
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]

# A form with a long text; files are not counted, the server limits them (`desk.serving`).
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024

LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/"
# Browsers take a name with this beginning only over HTTPS, for this very host and its root.
_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_PREFIX}desk-session"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = f"{_PREFIX}desk-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "syndicate.desk.views.failures.csrf_failed"
SECURE_CONTENT_TYPE_NOSNIFF = True
# `same-origin` keeps the secret part of a one-time link on this server.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
# Asked on this machine, without the proxy.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Refused requests are not logged: their addresses may hold the secret part of a one-time link. How lines look is
    # decided by `cli.logs`.
    "loggers": {"django": {"handlers": [], "level": "ERROR", "propagate": True}},
}
