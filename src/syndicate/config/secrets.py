"""Secret values by name: from the environment, from systemd credentials, or from `var/secrets/`. Never shown."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from syndicate.config.patterns import IDENTIFIER
from syndicate.errors import NotFound

FOLDER = Path("var/secrets")
OFFICE_KEY = "office-key"
OFFICE_KEY_BYTES = 32
_LARGEST = 64_000
_GROUP_AND_OTHERS, _OTHERS = 0o077, 0o007
"""Whom a file must be closed to. systemd lets a service's user at its credentials by an ACL, whose mask looks like rights
of the group (mode 0440); the folder around them is closed to everybody else."""


class OfficeSecrets:
    """Implements `model.channel.Secrets` for one office. Reads at every call, so that a new value needs no restart.

    A name `weibo-token` is looked for as `SYNDICATE_SECRET_WEIBO_TOKEN` in the environment, then as a file of that
    name in the folder of systemd's credentials, then in `var/secrets/`. May be used from several threads.
    """

    def __init__(self, home: Path, environment: Mapping[str, str] = os.environ) -> None:
        self._home = home
        self._environment = environment

    def get(self, name: str) -> str:
        """The value. Raises `NotFound` naming the secret: absent, empty, unreadable, or open to other users."""
        if not re.fullmatch(IDENTIFIER, name):
            # What is no name may be the secret itself, so it is not repeated.
            raise NotFound("config.secret_missing", name="…", variable="SYNDICATE_SECRET_…", path=str(FOLDER / "…"))
        variable = "SYNDICATE_SECRET_" + name.replace("-", "_").upper()
        value = self._environment.get(variable, "").strip()
        if value:
            return value
        credentials = self._environment.get("CREDENTIALS_DIRECTORY", "")
        handed = [(Path(credentials) / name, _OTHERS)] if credentials else []
        for path, closed_to in (*handed, (self._home / FOLDER / name, _GROUP_AND_OTHERS)):
            value = self._text(name, read_private(path, name, closed_to))
            if value:
                return value
        raise NotFound("config.secret_missing", name=name, variable=variable, path=str(FOLDER / name))

    def missing(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of the names for which there is no usable value."""
        return tuple(name for name in names if not self._usable(name))

    def _usable(self, name: str) -> bool:
        try:
            self.get(name)
        except NotFound:
            return False
        return True

    @staticmethod
    def _text(name: str, data: bytes) -> str:
        try:
            return data.decode("utf-8").strip()
        except UnicodeDecodeError:
            # Without `from`: the codec's own message would quote bytes of the secret.
            raise NotFound("config.secret_broken", name=name) from None


def read_private(path: Path, name: str, closed_to: int = _GROUP_AND_OTHERS) -> bytes:
    """The bytes of a secret's file, none when there is no file.

    Raises `NotFound` when those whom it must be closed to may read it, or we may not.
    """
    try:
        with path.open("rb") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & closed_to:
                raise NotFound("config.secret_open", name=name, path=str(path))
            return file.read(_LARGEST)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise NotFound("config.secret_unreadable", name=name, path=str(path), reason=error.strerror or "") from error


def office_key(home: Path) -> bytes:
    """The 32 bytes that encrypt what the database keeps secret. Raises `NotFound` when `init` has not made them."""
    path = home / FOLDER / OFFICE_KEY
    key = read_private(path, OFFICE_KEY)
    if not key:
        raise NotFound("config.office_key_missing", path=str(path))
    if len(key) != OFFICE_KEY_BYTES:
        raise NotFound("config.office_key_broken", path=str(path), size=OFFICE_KEY_BYTES)
    return key


def key_check(key: bytes) -> str:
    """By which the office key is recognised again; the key itself cannot be found from it."""
    return hashlib.sha256(b"syndicate office key check" + key).hexdigest()
