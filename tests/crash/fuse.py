"""Where a worker's life ends: at the n-th moment that matters, by SIGKILL, with nothing cleaned up.

Moments are those between which the world differs: before and after every commit, every request and every file that
takes its place. Instrumented are Django, httpx, requests and os, none of our own code.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import httpx
import requests
from django.db.backends.base.base import BaseDatabaseWrapper


class Fuse:
    """Burns down with every moment named so, and kills this process when it is through."""

    def __init__(self, length: int, moment: str = "") -> None:
        self._left = length
        self._moment = moment

    def _burn(self, moment: str) -> None:
        if self._moment in moment:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def _around(self, call: Callable[..., Any], name: Callable[..., str]) -> Callable[..., Any]:
        def burning(*arguments: Any, **options: Any) -> Any:
            moment = name(*arguments, **options)
            self._burn(f"before {moment}")
            brought = call(*arguments, **options)
            self._burn(f"after {moment}")
            return brought

        return burning

    def light(self) -> None:
        """From now on it burns; only ever in a process that was forked to die."""
        database: Any = BaseDatabaseWrapper
        database._commit = self._around(database._commit, lambda *_: "commit")
        client: Any = httpx.Client
        client.send = self._around(client.send, lambda _, request, **__: f"{request.method} {request.url}")
        session: Any = requests.Session
        session.send = self._around(session.send, lambda _, request, **__: f"{request.method} {request.url}")
        system: Any = os
        system.replace = self._around(os.replace, lambda _, target, **__: f"file {target}")
