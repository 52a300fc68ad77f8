"""Handing letters to the office's mail server, over one encrypted connection for several of them."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from syndicate.errors import Message
from syndicate.model.notice import ADDRESS, Envelope, MailServer, Posted, PostLater, PostOutcome, PostRefused, Security

SECONDS = 30.0
_PERMANENT = range(500, 600)


def post(
    server: MailServer,
    password: str,
    letters: Iterable[tuple[int, Envelope]],
    certificates: Callable[[], ssl.SSLContext] = ssl.create_default_context,
) -> Iterator[tuple[int, PostOutcome]]:
    """Hand letters in, one after another; yields what became of each as soon as it is known.

    When the server cannot be reached, or goes away, the first letter that was not taken says so and it ends.
    """
    connection: smtplib.SMTP | None = None
    try:
        for number, letter in letters:
            try:
                connection = connection or _connect(server, password, certificates)
            except (smtplib.SMTPException, OSError, UnicodeError) as error:
                yield number, PostLater(_why(server, error))
                return
            outcome = _hand_in(connection, server, letter)
            yield number, outcome
            if isinstance(outcome, PostLater) and outcome.why.key == "mail.away":
                return
    finally:
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()


def _connect(server: MailServer, password: str, certificates: Callable[[], ssl.SSLContext]) -> smtplib.SMTP:
    if server.security is Security.TLS:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=certificates())
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        if server.security is Security.STARTTLS:
            connection.starttls(context=certificates())
        if server.user:
            connection.login(server.user, password)
    except (smtplib.SMTPException, OSError, UnicodeError):
        connection.close()
        raise
    return connection


def _hand_in(connection: smtplib.SMTP, server: MailServer, letter: Envelope) -> PostOutcome:
    try:
        connection.send_message(message_of(server, letter))
    except smtplib.SMTPRecipientsRefused as error:
        code = next((code for code, _ in error.recipients.values()), 0)
        return PostRefused(_said("address", code)) if code in _PERMANENT else PostLater(_said("answer", code))
    except smtplib.SMTPResponseException as error:
        code = error.smtp_code
        return PostRefused(_said("refused", code)) if code in _PERMANENT else PostLater(_said("answer", code))
    except (smtplib.SMTPException, OSError) as error:
        return PostLater(_why(server, error))
    except (ValueError, MessageError):
        return PostRefused(_said("address", 0))
    return Posted()


def message_of(server: MailServer, letter: Envelope) -> EmailMessage:
    """The mail itself. No header can hold a line break. Raises ValueError or MessageError for an address that is none."""
    if not re.fullmatch(ADDRESS, letter.address):
        raise ValueError(letter.address)
    message = EmailMessage(policy=SMTP)
    name, address = parseaddr(server.sender)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = Address(addr_spec=letter.address)
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = letter.at
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body, charset="utf-8", cte="base64")
    if letter.page:
        message.add_alternative(letter.page, subtype="html", charset="utf-8", cte="base64")
    for file in letter.enclosures:
        kind, _, subtype = file.media_type.partition("/")
        message.add_attachment(file.data, maintype=kind, subtype=subtype, filename=file.name)
    return message


def _said(key: str, code: int) -> Message:
    return Message(f"mail.{key}", {"code": code or "—"})


def _why(server: MailServer, error: Exception) -> Message:
    """What went wrong before a letter was handed in; the server's own words may repeat what we sent, so they stay out."""
    if isinstance(error, UnicodeError):
        return Message("mail.login", {"host": server.host, "code": "ASCII"})
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Message("mail.login", {"host": server.host, "code": error.smtp_code})
    if isinstance(error, ssl.SSLError):
        return Message("mail.certificate", {"host": server.host})
    return Message("mail.away", {"host": server.host, "port": server.port, "reason": type(error).__name__})
