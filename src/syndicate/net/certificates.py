"""证书: what an https host shows of itself. Nothing is sent beside the TLS greeting."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from syndicate.errors import FetchLater, Message
from syndicate.net.addresses import Target
from syndicate.net.networks import Address


@dataclass(frozen=True)
class Certificate:
    """When a host's certificate ends (None: it shows none that can be read), and why browsers refuse it, if they do."""

    ends: datetime | None
    problem: Message | None = None


def certificate_of(target: Target, addresses: Sequence[Address], tls: ssl.SSLContext, timeout: float) -> Certificate:
    """Greet as browsers do; where that fails, greet once more without proof, to read when the certificate ends.

    Raises `FetchLater` where nothing answers.
    """
    try:
        return Certificate(_ends(_shown(target, addresses, tls, timeout)))
    except ssl.SSLError as error:
        reason = str(getattr(error, "verify_message", "")) or str(error.reason or "TLS")
        problem = Message("net.certificate", {"url": target.shown, "host": target.host, "reason": reason})
    unproved = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unproved.check_hostname = False
    unproved.verify_mode = ssl.CERT_NONE  # nothing but the certificate itself is read
    with suppress(ssl.SSLError, FetchLater):
        return Certificate(_ends(_shown(target, addresses, unproved, timeout)), problem)
    return Certificate(None, problem)


def _shown(target: Target, addresses: Sequence[Address], tls: ssl.SSLContext, timeout: float) -> bytes:
    """The certificate in DER. Raises `ssl.SSLError` where it is refused, `FetchLater` where nothing answers."""
    reason = ""
    for address in addresses:
        try:
            with (
                socket.create_connection((str(address), target.port), timeout) as plain,
                tls.wrap_socket(plain, server_hostname=target.host) as secure,
            ):
                return secure.getpeercert(binary_form=True) or b""
        except ssl.SSLError:
            raise
        except OSError as error:
            reason = type(error).__name__
    raise FetchLater("net.unreachable", url=target.shown, reason=reason)


def _ends(shown: bytes) -> datetime | None:
    try:
        return x509.load_der_x509_certificate(shown).not_valid_after_utc
    except ValueError:
        return None
