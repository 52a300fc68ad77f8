"""What kind of picture some bytes are, by their first bytes."""

from __future__ import annotations

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
)


def picture_kind(content: bytes) -> str | None:
    """`png`, `jpeg`, `gif`, `bmp`, or None for anything else."""
    return next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), None)
