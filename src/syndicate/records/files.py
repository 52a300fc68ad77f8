"""The file store: every attachment and picture once, under `var/files` by content hash."""

from __future__ import annotations

import hashlib
from pathlib import Path

from syndicate.errors import NotFound, disk_refusal
from syndicate.site.atomic import write_atomic


class FileStore:
    """Implements `model.channel.FileReader`. Files are written atomically and never changed."""

    def __init__(self, home: Path) -> None:
        self._root = home / "var" / "files"

    def put(self, data: bytes) -> str:
        """Keep the bytes; returns their SHA-256. Raises StorageError when the disk is full."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists():
                path.touch()  # so that it is no stray file until whoever put it has stored what it belongs to
                return sha256
        except OSError as error:
            raise disk_refusal(path, error) from error
        write_atomic(path, data)
        return sha256

    def read(self, sha256: str) -> bytes:
        """The bytes with that hash. Raises NotFound."""
        path = self.path(sha256)
        if not path.is_file():
            raise NotFound("records.no_file", sha256=sha256)
        return path.read_bytes()

    def path(self, sha256: str) -> Path:
        """Where the bytes with that hash lie. Raises NotFound for anything that is no hash."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise NotFound("records.no_file", sha256=sha256[:64])
        return self._root / sha256[:2] / sha256
