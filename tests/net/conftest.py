"""A loopback server whose answers each test writes itself, byte by byte."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from syndicate.net.fetcher import Fetcher
from syndicate.net.limits import shipped_limits

Answer = Callable[[socket.socket, bytes], None]


def answer(status: str, body: bytes = b"", **headers: str) -> bytes:
    """The bytes of an answer; header names are written with `_` for `-`."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class ScriptedServer:
    """Answers the n-th request with the n-th script (bytes or a function); the last one repeats."""

    def __init__(self, *scripts: bytes | Answer, address: str = "127.0.0.1") -> None:
        self.scripts = scripts
        self.requests: list[bytes] = []
        self.busy = self.most_busy = 0
        self._lock = threading.Lock()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._socket = socket.create_server((address, 0), family=family)
        self.address, self.port = self._socket.getsockname()[:2]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def allow(self) -> tuple[str, ...]:
        return (f"{self.address}:{self.port}",)

    def url(self, path: str = "/") -> str:
        return f"http://{self.address}:{self.port}{path}"

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            request = b""
            while b"\r\n\r\n" not in request:
                piece = connection.recv(65_536)
                if not piece:
                    return
                request += piece
            with self._lock:
                self.requests.append(request)
                script = self.scripts[min(len(self.requests), len(self.scripts)) - 1]
                self.busy += 1
                self.most_busy = max(self.busy, self.most_busy)
            try:
                if isinstance(script, bytes):
                    connection.sendall(script)
                else:
                    script(connection, request)
            finally:
                with self._lock:
                    self.busy -= 1


@pytest.fixture
def serve() -> Iterator[Callable[..., ScriptedServer]]:
    servers: list[ScriptedServer] = []

    def start(*scripts: bytes | Answer, address: str = "127.0.0.1") -> ScriptedServer:
        servers.append(ScriptedServer(*scripts, address=address))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


NOW = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
QUICK = replace(shipped_limits(), retry=0, gap=0)
"""The shipped bounds without the waits of politeness."""


@pytest.fixture
def fetcher() -> Fetcher:
    return Fetcher(lambda: NOW, limits=QUICK)
