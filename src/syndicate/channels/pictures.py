"""Pictures as the platforms take them: checked by decoding, converted or made smaller where needed. Deterministic."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from syndicate.site.images import MOST_PIXELS

_MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "BMP": "image/bmp"}
_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/bmp": "bmp"}
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    IndexError,
    EOFError,
    MemoryError,
    OverflowError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
"""What Pillow raises on hostile bytes."""


@dataclass(frozen=True)
class Picture:
    """Bytes that a platform takes, with a file name that says their true type."""

    data: bytes
    media_type: str

    @property
    def extension(self) -> str:
        """Such as `jpg`."""
        return _EXTENSIONS[self.media_type]


def fit_picture(data: bytes, formats: tuple[str, ...], most_bytes: int) -> Picture | None:
    """The picture in one of `formats` (Pillow names) below `most_bytes`; None when the bytes are no picture.

    One that fits already stays as it is; anything else becomes a JPEG on white, scaled down until it fits.
    """
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.load()
            if image.format in formats and len(data) < most_bytes:
                return Picture(data, _MEDIA_TYPES[image.format])
            return _as_jpeg(image, most_bytes)
    except _BROKEN:
        return None


def middle_crop(data: bytes, ratio: float) -> tuple[float, float, float, float]:
    """The largest part of a readable picture with width : height = `ratio`, in its middle: left, top, right, bottom, 0–1."""
    with Image.open(io.BytesIO(data)) as image:
        width, height = image.size
    across = min(1.0, height * ratio / width)
    down = min(1.0, width / ratio / height)
    left, top = (1 - across) / 2, (1 - down) / 2
    return left, top, 1 - left, 1 - top


def _as_jpeg(image: Image.Image, most_bytes: int) -> Picture | None:
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright.getchannel("A"))
    for edge in (2560, 1920, 1280, 960, 640):
        smaller = flat.copy()
        smaller.thumbnail((edge, edge))
        out = io.BytesIO()
        smaller.save(out, "JPEG", quality=85)
        if out.tell() < most_bytes:
            return Picture(out.getvalue(), "image/jpeg")
    return None
