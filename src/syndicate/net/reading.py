"""The body of an answer, bounded on the wire and unpacked, piece by piece into a sink."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from typing import BinaryIO

import requests
from urllib3.exceptions import HTTPError

from syndicate.errors import FetchError, FetchForbidden, FetchLater, FetchRefused, StorageError
from syndicate.net.addresses import Target
from syndicate.text.decode import decode

_PIECE = 16_384
_REPLY = 2_000
_REPLY_BYTES = 4 * _REPLY
_REPLY_WIRE = 100_000
_GZIP_HEAD = b"\x1f\x8b"
_GZIP = zlib.MAX_WBITS | 16


def copy_body(response: requests.Response, target: Target, sink: BinaryIO, limit: int) -> None:
    """Write the unpacked body to `sink`, instead of whatever is in it.

    Neither what comes over the wire nor what it unpacks to may exceed `limit` bytes. Raises `FetchForbidden` where it
    does, `FetchRefused` for a packing that was not asked for, `FetchLater` where it breaks off, `StorageError` where
    the sink cannot take it.
    """
    declared = response.headers.get("content-length", "").strip()
    if declared.isdecimal() and (len(declared) > 15 or int(declared) > limit):
        raise _too_large(target, limit)
    with storing(target):  # what an earlier try left
        sink.seek(0)
        sink.truncate()
    written = 0
    for piece in _pieces(response, target, limit):
        written += len(piece)
        if written > limit:
            raise _too_large(target, limit)
        with storing(target):
            sink.write(piece)
    with storing(target):
        sink.flush()


@contextmanager
def storing(target: Target) -> Iterator[None]:
    """What the disk refuses inside the block is a `StorageError`."""
    try:
        yield
    except OSError as error:
        raise StorageError("net.disk", url=target.shown, reason=type(error).__name__) from error


def first_words(response: requests.Response, target: Target) -> str:
    """The first 2,000 characters that came with a refusal, as far as they can be read: people find the cause there."""
    words = b""
    with suppress(FetchError, requests.RequestException, HTTPError, HTTPException, OSError):
        for piece in _pieces(response, target, _REPLY_WIRE):
            words += piece
            if len(words) >= _REPLY_BYTES:
                break
    return decode(words[:_REPLY_BYTES], response.headers.get("content-type", "")).text[:_REPLY]


def _pieces(response: requests.Response, target: Target, limit: int) -> Iterator[bytes]:
    """The unpacked body; at most `limit` bytes come over the wire."""
    return _unpacked(_wire(response, target, limit), _coding(response, target), target)


def _wire(response: requests.Response, target: Target, limit: int) -> Iterator[bytes]:
    """The bytes as they come, without unpacking."""
    total = 0
    while chunk := response.raw.read(_PIECE, decode_content=False):
        total += len(chunk)
        if total > limit:
            raise _too_large(target, limit)
        yield chunk


def _coding(response: requests.Response, target: Target) -> str:
    """How the body is packed: only the codings we ask for, at most one of them."""
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding in ("", "identity", "none", "utf-8"):  # servers that mistake the header for a character set
        return ""
    if coding in ("gzip", "x-gzip"):
        return "gzip"
    if coding == "deflate":
        return coding
    name = "".join(c for c in coding[:40] if c.isalnum() or c in "-, ")
    raise FetchRefused("net.coding", url=target.shown, coding=name)


def _unpacked(chunks: Iterator[bytes], coding: str, target: Target) -> Iterator[bytes]:
    if not coding:
        yield from chunks
        return
    try:
        yield from _inflated(chunks, coding)
    except (zlib.error, EOFError) as error:
        raise FetchLater("net.broken", url=target.shown, reason=type(error).__name__) from error


def _inflated(chunks: Iterator[bytes], coding: str) -> Iterator[bytes]:
    """Unpack in pieces of bounded size. Raises `zlib.error`, and `EOFError` where the end is missing."""
    machine = None
    for chunk in chunks:
        data = chunk
        while data:
            if machine is None:
                machine = zlib.decompressobj(_window(data, coding))
            elif machine.eof:
                if coding != "gzip" or not data.startswith(_GZIP_HEAD):
                    return  # bytes after the end mean nothing, as every browser has it
                machine = zlib.decompressobj(_GZIP)
            yield machine.decompress(data, _PIECE)
            data = machine.unconsumed_tail or machine.unused_data
    if machine is not None:
        yield machine.flush()
        if not machine.eof:
            raise EOFError


def _window(data: bytes, coding: str) -> int:
    """RFC 9110 8.4.1.2: deflate means zlib, yet many servers send it without zlib's two bytes in front."""
    if coding == "gzip":
        return _GZIP
    is_zlib = data[0] & 0x0F == 8 and (len(data) < 2 or int.from_bytes(data[:2]) % 31 == 0)
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS


def _too_large(target: Target, limit: int) -> FetchForbidden:
    return FetchForbidden("net.too_large", url=target.shown, limit=f"{limit / 1_000_000:g}")
