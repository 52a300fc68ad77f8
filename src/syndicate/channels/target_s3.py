"""A target in an S3-compatible store: every object is put whole, read back and compared by its hash."""

from __future__ import annotations

import hashlib
import mimetypes
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from syndicate.channels.target_calls import target_error
from syndicate.model.target import S3Target

_AT_ONCE = 8
_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".htm": "text/html; charset=utf-8",
    ".shtml": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
"""What a browser must know for certain; everything else by the names that Python knows."""
_SHOWN = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp"})
"""Files of articles that are shown in a page; all others are downloaded and never run."""

T = TypeVar("T")
_opening = Lock()
"""A session makes one client at a time."""


class S3Hand:
    """One target, open."""

    def __init__(self, target: S3Target, access_key: str, secret_key: str) -> None:
        self._target = target
        self._keep = (access_key, secret_key)
        self._pool = ThreadPoolExecutor(_AT_ONCE)
        with self._told():
            self._client = _client(target, access_key, secret_key)

    def put(self, staged: Path, paths: Sequence[str], lock: int) -> None:
        """Every object is there whole or not at all."""

        def one(path: str) -> None:
            with (staged / path).open("rb") as body:
                self._client.put_object(Bucket=self._target.bucket, Key=self._key(path), Body=body, **headers(path))

        self._each(one, paths)

    def remove(self, paths: Sequence[str], lock: int) -> None:
        """Delete objects; the store does not mind those that are not there."""
        self._each(lambda path: self._client.delete_object(Bucket=self._target.bucket, Key=self._key(path)), paths)

    def wrong(self, staged: Path, paths: Sequence[str], gone: Sequence[str]) -> Sequence[str]:
        """Objects are fetched and hashed; those that should be gone are asked for."""
        there = self._each(self._hash, [*paths, *gone])
        ours = [_hash((staged / path).open("rb")) for path in paths] + [""] * len(gone)
        return [path for path, theirs, our in zip([*paths, *gone], there, ours, strict=True) if theirs != our]

    def names(self) -> frozenset[str]:
        """Every object below the prefix."""
        found: set[str] = set()
        prefix = self._key("")
        with self._told():
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._target.bucket, Prefix=prefix):
                found.update(one["Key"].removeprefix(prefix) for one in page.get("Contents", ()))
        return frozenset(found)

    def close(self) -> None:
        """Give the connections back."""
        self._pool.shutdown()
        self._client.close()

    def _key(self, path: str) -> str:
        return f"{self._target.prefix}/{path}" if self._target.prefix else path

    def _hash(self, path: str) -> str:
        """SHA-256 of an object, empty where there is none."""
        try:
            answer = self._client.get_object(Bucket=self._target.bucket, Key=self._key(path))
        except self._client.exceptions.NoSuchKey:
            return ""
        return _hash(answer["Body"])

    def _each(self, call: Callable[[str], T], paths: Sequence[str]) -> list[T]:
        with self._told():
            return list(self._pool.map(call, paths))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """The store's failures as ours, without anything secret in them."""
        try:
            from botocore.exceptions import BotoCoreError, ClientError
            from botocore.exceptions import HTTPClientError as Broken
        except ModuleNotFoundError:
            raise target_error("s3", self._target.name, "no module boto3 here") from None
        try:
            yield
        except (BotoCoreError, ClientError, Broken, ValueError) as error:
            words = f"{type(error).__name__}: {error}"
            if isinstance(error, ClientError):
                status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", "")
                words += f" ({status})"
            for secret in self._keep:
                words = words.replace(secret, "***")
            raise target_error("s3", self._target.name, words) from None


def headers(path: str) -> dict[str, str]:
    """What a browser is told with a file: its type, how long it may be kept, and that attachments are downloaded."""
    suffix = Path(path).suffix.lower()
    kind = _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    forever = path.startswith(("files/", "assets/style."))
    told = {"ContentType": kind, "CacheControl": _FOREVER if forever else _ASK_AGAIN}
    if path.startswith("files/") and suffix not in _SHOWN:
        told["ContentDisposition"] = "attachment"
    return told


def _hash(stream: Any) -> str:
    digest = hashlib.sha256()
    with stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _client(target: S3Target, access_key: str, secret_key: str) -> Any:
    """A client that reads no variable, no file and no proxy of this machine, and repeats nothing by itself."""
    from botocore.config import Config

    seconds = target.time_limit.total_seconds()
    config = Config(
        connect_timeout=min(10.0, seconds),
        read_timeout=seconds,
        retries={"total_max_attempts": 1},
        proxies={},
        s3={"addressing_style": "path" if target.path_style else "virtual"},
        max_pool_connections=_AT_ONCE,
        # Stores that are not Amazon's do not know the newer checksums; what stands there is read back anyway.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        ignore_configured_endpoint_urls=True,
    )
    with _opening:
        return _session().create_client(
            "s3",
            region_name=target.region,
            endpoint_url=target.endpoint,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            config=config,
        )


@cache
def _session() -> Any:
    """Read once: what it knows of the service costs more than a call."""
    from botocore.session import Session

    nowhere = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    return Session(session_vars={**nowhere, "profile": (None, None, None, None)})
