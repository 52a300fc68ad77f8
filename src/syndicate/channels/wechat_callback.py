"""What WeChat's servers push to us: checked by signature, decrypted, read. Pure; nothing in it is ever trusted.

Signature: sha1 over the sorted token, timestamp, nonce (and the encrypted text). Encryption: AES-256-CBC, key = base64 of
the 43 characters and "=", IV = its first 16 bytes, PKCS7 to 32 bytes; plain = 16 random bytes, length (4 bytes, big
endian), XML, app id.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from lxml import etree

from syndicate.errors import InputError

PUBLISHED = frozenset({"PUBLISHJOBFINISH", "FREEPUBLISHJOBFINISH"})
"""The page says the first, a recorded sample the second; which one comes is unsettled."""
SENT = "MASSSENDJOBFINISH"
_BLOCK = 32


@dataclass(frozen=True)
class PushedEvent:
    """A finished job that WeChat tells of. Which fields are filled depends on the event."""

    name: str
    sender: str
    created: str
    publish_id: str
    message_id: str

    @property
    def key(self) -> str:
        """The same for every delivery of the same event."""
        parts = (self.sender, self.created, self.name, self.publish_id, self.message_id)
        return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def is_signed(token: str, signature: str, *parts: str) -> bool:
    """Whether a signature fits, compared in constant time."""
    joined = "".join(sorted((token, *parts))).encode("utf-8", "replace")
    expected = hashlib.sha1(joined, usedforsecurity=False).hexdigest()
    return bool(token) and hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))


def encrypted_text(body: bytes) -> str:
    """The text in `<Encrypt>`; empty for a plain message. Raises InputError for what is no XML."""
    return _text(_parsed(body), "Encrypt")


def decrypted(encoding_key: str, app_id: str, encrypted: str) -> bytes:
    """The XML in an encrypted text. Raises InputError for anything that was not encrypted for us."""
    try:
        key = base64.b64decode(f"{encoding_key}=", validate=True)
        data = base64.b64decode(encrypted, validate=True)
        decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        padded = decryptor.update(data) + decryptor.finalize()
    except (binascii.Error, ValueError):
        raise InputError("channels.callback_garbage") from None
    padding = padded[-1] if padded else 0
    if not 1 <= padding <= _BLOCK or len(padded) < padding + 20:
        raise InputError("channels.callback_garbage")
    plain = padded[16:-padding]
    length = int.from_bytes(plain[:4], "big")
    text, owner = plain[4 : 4 + length], plain[4 + length :]
    if len(text) != length or not hmac.compare_digest(owner, app_id.encode()):
        raise InputError("channels.callback_garbage")
    return text


def pushed_event(xml: bytes) -> PushedEvent | None:
    """The finished job in a message; None for any other message. Raises InputError for what is no XML."""
    root = _parsed(xml)
    name = _text(root, "Event")
    if name not in PUBLISHED and name != SENT:
        return None
    return PushedEvent(
        name=name,
        sender=_text(root, "FromUserName"),
        created=_text(root, "CreateTime"),
        publish_id=_text(root, "PublishEventInfo/publish_id"),
        message_id=_text(root, "MsgID"),
    )


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _parsed(body: bytes) -> etree._Element:
    try:
        root = etree.fromstring(body.removeprefix(b"\xef\xbb\xbf"), _parser())
    except (etree.XMLSyntaxError, ValueError):
        raise InputError("channels.callback_garbage") from None
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise InputError("channels.callback_garbage")  # no message of WeChat declares a document type
    return root


def _text(root: etree._Element, path: str) -> str:
    found = root.findtext(path)
    return found.strip()[:100_000] if found else ""
