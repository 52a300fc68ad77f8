"""A mail server of our own on the loopback: it keeps what it takes, refuses what it is told to, and can go away."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

PASSWORD = "sample-mail-password"


@dataclass
class MailBox:
    """What arrived; `answer` is what the server says to each letter, `refuses` are addresses it does not know."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    answer: str = "250 OK"
    refuses: set[str] = field(default_factory=set)

    async def handle_RCPT(
        self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Called by the server for every address."""
        if address in self.refuses:
            return "550 unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:
        """Called by the server for every letter."""
        if self.answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.taken.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
            self.to += envelope.rcpt_tos
        return self.answer


def _checked(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


@contextmanager
def mail_server(
    security: str = "none", files: tuple[Path, Path] | None = None, login: bool = False
) -> Iterator[MailBox]:
    """A running server; `security` as in `content/notices.yaml`."""
    box = MailBox()
    options: dict[str, Any] = {"loop": asyncio.new_event_loop()}
    context = None
    if files:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
    if security == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    if login:
        options |= {"authenticator": _checked, "auth_required": True, "auth_require_tls": security == "starttls"}
    with _running(box, options, context if security == "tls" else None):
        yield box


@contextmanager
def _running(box: MailBox, options: dict[str, Any], context: ssl.SSLContext | None) -> Iterator[None]:
    loop: asyncio.AbstractEventLoop = options["loop"]

    def speaker() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it does not know that the whole connection is encrypted
            return SMTP(box, **options)

    starting = loop.create_server(speaker, "127.0.0.1", 0, ssl=context)
    server = loop.run_until_complete(starting)
    box.port = server.sockets[0].getsockname()[1]
    thread = Thread(target=loop.run_forever)
    thread.start()

    async def end() -> None:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
