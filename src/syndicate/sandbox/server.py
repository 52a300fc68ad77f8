"""One loopback HTTP server per platform: reads requests strictly, applies the fault plan, answers /_sandbox/."""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import cast
from urllib.parse import parse_qsl, unquote, urlsplit

from syndicate.errors import UsageError
from syndicate.sandbox.control import Control
from syndicate.sandbox.exchange import Platform, Reply, Request, html_reply, json_reply
from syndicate.sandbox.faults import Fault, FaultKind, FaultPlan
from syndicate.sandbox.variation import vary_types

LARGEST_BODY = 12 * 1024 * 1024
CONTROL_PREFIX = "/_sandbox/"
PORTAL = "<!DOCTYPE html><html><head><title>登录</title></head><body><h1>请先登录网络（演练故障页）</h1></body></html>"
_NOTHING_HAPPENS = frozenset({FaultKind.HTTP_500, FaultKind.HTML_200, FaultKind.EMPTY_JSON, FaultKind.CODE})


class PlatformServer(ThreadingHTTPServer):
    """Serves one platform on 127.0.0.1. Raises `UsageError` when the port is taken."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, platform: Platform, plan: FaultPlan, control: Control, port: int) -> None:
        self.platform = platform
        self.plan = plan
        self.control = control
        self.stopping = Event()
        self._lock = Lock()
        self._connections: set[socket.socket] = set()
        self._resetting: set[socket.socket] = set()
        self._handlers: set[Thread] = set()
        try:
            super().__init__(("127.0.0.1", port), _Handler)
        except OSError as problem:
            raise UsageError("sandbox.port", platform=platform.name, port=port, why=problem.strerror) from problem
        platform.address = f"http://127.0.0.1:{self.server_address[1]}"
        self._thread = Thread(target=self.serve_forever, args=(0.05,), name=f"sandbox-{platform.name}", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering, cut every open connection and wait for the threads."""
        self.stopping.set()
        self.shutdown()
        self._thread.join()
        with self._lock:
            handlers = tuple(self._handlers)
            for connection in self._connections:
                _cut(connection)
        for handler in handlers:
            handler.join(5)
        self.server_close()

    def process_request(self, request: object, client_address: object) -> None:
        """Handle a connection in a thread that `stop` can wait for."""
        connection = cast(socket.socket, request)
        handler = Thread(target=self._serve, args=(connection, client_address), daemon=True)
        with self._lock:
            self._connections.add(connection)
            self._handlers.add(handler)
        handler.start()

    def _serve(self, connection: socket.socket, client_address: object) -> None:
        try:
            self.process_request_thread(connection, client_address)
        finally:
            with self._lock:
                self._handlers = {handler for handler in self._handlers if handler.is_alive()}

    def shutdown_request(self, request: object) -> None:
        """Close a connection, with a reset where a fault wants one."""
        connection = cast(socket.socket, request)
        with self._lock:
            self._connections.discard(connection)
            reset = connection in self._resetting
            self._resetting.discard(connection)
        if reset:
            connection.close()  # lingering for 0 seconds: the kernel sends RST
        else:
            super().shutdown_request(connection)

    def reset_connection(self, connection: socket.socket) -> None:
        """Make the coming close a reset."""
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with self._lock:
            self._resetting.add(connection)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are no error; anything else is a defect of the sandbox and shows its traceback."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client was faster


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.1"  # garbage gets a status line, not the bare body of HTTP/0.9
    server_version = "syndicate-sandbox"
    sys_version = ""
    timeout = 30
    disable_nagle_algorithm = True
    server: PlatformServer

    def _answer(self) -> None:
        split = urlsplit(self.path if self.path.startswith("/") else "/" + self.path)
        path = unquote(split.path, errors="replace")
        body = self._read_body()
        if isinstance(body, Reply):
            self.close_connection = True
            self._send(body)
            return
        method = "GET" if self.command == "HEAD" else self.command
        endpoint = self.server.platform.endpoint(method, path)
        controls = path.startswith(CONTROL_PREFIX)
        fault = None if controls else self.server.plan.pick(self.server.platform.name, endpoint)
        request = Request(
            method=method,
            path=path,
            endpoint=endpoint,
            query=dict(parse_qsl(split.query, keep_blank_values=True, errors="replace")),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            client=self.client_address[0],
            fault=fault,
            stall=_stall(self.server.stopping, fault),
        )
        if controls:
            self._send(self.server.control.handle(request))
        else:
            self.server.control.count(endpoint)
            self._exchange(request, fault)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = _answer

    def _exchange(self, request: Request, fault: Fault | None) -> None:
        """Let the effect happen or not, then reply, or do to the connection what the fault says."""
        platform = self.server.platform
        kind = fault.kind if fault else None
        if fault is not None and kind is FaultKind.RESET_BEFORE:
            self._reset()
            return
        if fault is not None and kind is FaultKind.EXPIRED_TOKEN:
            self._send(platform.refuse(fault.code, request))
            return
        effective = kind not in _NOTHING_HAPPENS or (fault is not None and fault.commit)
        if kind is FaultKind.DUPLICATE:
            platform.handle(request)
        reply = platform.handle(request) if effective else Reply()
        request.stall()
        if fault is not None and kind is FaultKind.TIMEOUT_AFTER_COMMIT:
            self.server.stopping.wait(fault.delay)
            self.close_connection = True
        elif kind is FaultKind.RESET_AFTER_COMMIT:
            self._reset()
        elif fault is not None and kind in _NOTHING_HAPPENS:
            self._send(_disturbed(fault, platform, request))
        else:
            self._send(vary_types(reply) if kind is FaultKind.STRING_NUMBERS else reply)

    def _reset(self) -> None:
        self.server.reset_connection(self.connection)
        self.close_connection = True

    def _read_body(self) -> bytes | Reply:
        if "transfer-encoding" in self.headers:
            return json_reply({"error": "length required"}, 411)
        declared = self.headers.get("content-length", "0")
        if not (declared.isascii() and declared.isdigit() and len(declared) < 16):
            return json_reply({"error": "bad length"}, 400)
        if int(declared) > LARGEST_BODY:
            return json_reply({"error": "body too large"}, 413)
        body = self.rfile.read(int(declared))
        return body if len(body) == int(declared) else json_reply({"error": "body incomplete"}, 400)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        bodiless = reply.status in (204, 304)
        if not bodiless:
            self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if not bodiless and self.command != "HEAD":
            self.wfile.write(reply.body)

    def log_message(self, format: str, *values: object) -> None:
        """Say nothing: requests carry tokens."""


def _stall(stopping: Event, fault: Fault | None) -> Callable[[], None]:
    """Waits out a `slow` fault the first time it is called."""
    delays = [fault.delay] if fault is not None and fault.kind is FaultKind.SLOW else []

    def wait() -> None:
        if delays:
            stopping.wait(delays.pop())

    return wait


def _disturbed(fault: Fault, platform: Platform, request: Request) -> Reply:
    if fault.kind is FaultKind.HTTP_500:
        headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
        return json_reply({"error": "drill"}, fault.status or 500, headers)
    if fault.kind is FaultKind.HTML_200:
        return html_reply(PORTAL)
    if fault.kind is FaultKind.EMPTY_JSON:
        return json_reply({})
    return platform.refuse(fault.code, request)
