"""multipart/form-data as browsers, requests and httpx send it, read strictly."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from email.utils import collapse_rfc2231_value

MOST_PARTS = 20
LONGEST_HEAD = 4096


@dataclass(frozen=True)
class Part:
    """One field of the form; `file_name` is None for a plain field."""

    name: str
    file_name: str | None
    content: bytes


def read_multipart(body: bytes, content_type: str) -> tuple[Part, ...]:
    """The parts of a form in order. Raises `ValueError` for anything that is not a complete form."""
    boundary = _parameter(content_type, "boundary", "content-type")
    if not boundary or len(boundary) > 70 or not boundary.isascii():
        raise ValueError("boundary")
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode("ascii"))
    if len(pieces) < 2 or not pieces[-1].startswith(b"--") or len(pieces) > MOST_PARTS + 2:
        raise ValueError("incomplete form")
    return tuple(_part(piece) for piece in pieces[1:-1])


def _part(piece: bytes) -> Part:
    head, separator, content = piece.partition(b"\r\n\r\n")
    if not separator or not head.startswith(b"\r\n") or len(head) > LONGEST_HEAD:
        raise ValueError("part without head")
    for line in head[2:].decode("utf-8", "strict").split("\r\n"):
        label, _, value = line.partition(":")
        if label.strip().lower() == "content-disposition":
            name = _parameter(value, "name", "content-disposition")
            if name is None:
                break
            return Part(name, _parameter(value, "filename", "content-disposition"), content)
    raise ValueError("part without name")


def _parameter(value: str, name: str, header: str) -> str | None:
    message = Message()
    message[header] = value.strip()
    found = message.get_param(name, header=header)
    return None if found is None else collapse_rfc2231_value(found)
