"""Django settings for both databases: SQLite under the office's `var/` by default, PostgreSQL by DATABASE_URL or after `move`.

The desk puts its own settings on top of these.
"""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

HOME = Path(os.environ.get("SYNDICATE_HOME", ".")).resolve()

SECRET_KEY = os.environ.get("SYNDICATE_DJANGO_KEY", "records alone sign nothing")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "syndicate.records.apps.RecordsConfig",
]

AUTH_USER_MODEL = "records.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "syndicate.records.password_rules.NoLongerThan"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# WAL lets readers and the one writer work side by side; FULL keeps what was committed through a power cut;
# IMMEDIATE takes the write lock at the start, so that a transaction never fails half-way with "locked".
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000;"
    ),
}


DATABASE_FILE = "syndicate.sqlite3"
DATABASE_ADDRESS = "database-url"
"""The file in `var/secrets` that `move` writes: which PostgreSQL the office is on from then on."""


def database_url(home: Path) -> str:
    """DATABASE_URL from the environment, else where the office was moved to; empty for its SQLite file."""
    named = os.environ.get("DATABASE_URL", "")
    kept = home / "var" / "secrets" / DATABASE_ADDRESS
    return named or (kept.read_text("utf-8").strip() if kept.is_file() else "")


def database_for(url: str, home: Path) -> dict[str, object]:
    """The Django database entry for DATABASE_URL, or for the SQLite file of the office when it is empty."""
    if not url.startswith(("postgres://", "postgresql://")):
        file = home / "var" / DATABASE_FILE
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": file,
            "OPTIONS": SQLITE_OPTIONS,
            "TIME_ZONE": TIME_ZONE,
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        # Times come back aware in the office's zone, so that nobody has to convert them before showing them.
        "TIME_ZONE": TIME_ZONE,
    }


DATABASES = {"default": database_for(database_url(HOME), HOME)}
