"""Proof of a target as the public reads it: every changed file is fetched and compared by its hash."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import httpx

from syndicate.channels.calls import NotDone, plain_client
from syndicate.model.target import Target

_GONE = (404, 410)


def wrong_on_the_web(target: Target, staged: Path, paths: Sequence[str], gone: Sequence[str]) -> list[str]:
    """Which of `paths` its public address does not show as they are in `staged`, and which of `gone` it still shows.

    Raises `NotDone` where it does not answer within the target's time limit for one file.
    """
    with closing(plain_client()) as client:
        return [
            *(path for path in paths if _shown(client, target, path) != _ours(staged / path)),
            *(path for path in gone if _shown(client, target, path) != ""),
        ]


def _shown(client: httpx.Client, target: Target, path: str) -> str | None:
    """SHA-256 of what the address shows, empty where it is gone, None for any other answer."""
    address = f"{target.probe_base_url.rstrip('/')}/{path}"
    seconds = target.time_limit.total_seconds()
    end = time.monotonic() + seconds
    digest = hashlib.sha256()
    try:
        with client.stream("GET", address, headers={"Cache-Control": "no-cache"}, timeout=seconds) as answer:
            if answer.status_code != 200:
                return "" if answer.status_code in _GONE else None
            for piece in answer.iter_raw():
                digest.update(piece)
                if time.monotonic() > end:
                    raise httpx.ReadTimeout("body", request=answer.request)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = type(error).__name__
        raise NotDone("targets.no_proof", target=target.name, address=address, reason=reason) from None
    return digest.hexdigest()


def _ours(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
