"""What the public sees at an address that a platform gave us: a hash of title and text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
from selectolax.lexbor import LexborHTMLParser

from syndicate.channels.calls import CallError, exchange, plain_client
from syndicate.model.delivery import Proof


def allowed_address(url: str, base_url: str, public_hosts: Iterable[str]) -> str | None:
    """The address to read, or None. Addresses come from a platform's reply: only its own hosts are ever asked.

    Public hosts are read by https, whatever the reply says.
    """
    try:
        parts = urlsplit(url)
        same_server = (parts.scheme, parts.netloc) == urlsplit(base_url)[:2]
    except ValueError:
        return None
    if same_server and parts.scheme in ("http", "https"):
        return url
    if parts.scheme in ("http", "https") and parts.netloc in public_hosts:
        return parts._replace(scheme="https").geturl()
    return None


def fetch_proof(url: str, selectors: tuple[str, ...], gone: tuple[str, ...], timeout: timedelta) -> Proof | None:
    """GET a public page: the hash of the text under `selectors`; no hash when the page is gone (404, 410 or words).

    None where the page cannot be read: not reached, another status, or nothing under any selector (a wall).
    """
    with plain_client() as client:
        try:
            request = client.build_request("GET", url)
            answer = exchange(client, request, "page", timeout.total_seconds())
        except (CallError, httpx.InvalidURL):
            return None
    if answer.status in (404, 410):
        return Proof(None)
    if answer.status != 200:
        return None
    tree = LexborHTMLParser(answer.body)
    found = [node.text() for selector in selectors for node in tree.css(selector)]
    if found:
        return Proof(text_hash(*found))
    page = tree.body.text() if tree.body else ""
    return Proof(None) if any(words in page for words in gone) else None


def text_hash(*texts: str) -> str:
    """SHA-256 of texts without their blanks, so that layout does not count."""
    joined = "\n".join("".join(text.split()) for text in texts)
    return hashlib.sha256(joined.encode("utf-8", "replace")).hexdigest()
