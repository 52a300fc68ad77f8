"""Uploaded pictures: decoded whole and written anew, so that nothing but pixels gets in.

What was hidden behind or inside a picture is gone afterwards: scripts, archives, the place where a photograph was taken.
"""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from syndicate.errors import InputError
from syndicate.flow.upload_limits import upload_limit
from syndicate.site.images import MOST_PIXELS

_FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
_QUALITY = 90
_ORIENTATION = 0x0112
_BROKEN = (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError)


def cleaned_picture(data: bytes, name: str) -> tuple[bytes, str]:
    """The picture anew and its media type; a BMP becomes a PNG. Raises InputError for what is none, or has too many pixels."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=(*_FORMATS, "BMP")) as picture:
                frames = getattr(picture, "n_frames", 1)
                pixels = picture.width * picture.height
                if pixels > MOST_PIXELS or frames > upload_limit("frames") or pixels * frames > 4 * MOST_PIXELS:
                    raise _broken(name)
                return _written(picture, frames)
    except (*_BROKEN, Image.DecompressionBombWarning) as error:
        raise _broken(name) from error


def _written(picture: Image.Image, frames: int) -> tuple[bytes, str]:
    kind = picture.format if picture.format in _FORMATS else "PNG"
    out = BytesIO()
    if kind == "GIF":
        picture.save(out, "GIF", save_all=frames > 1, comment=b"")
        return out.getvalue(), _FORMATS[kind]
    kept = {"icc_profile": picture.info["icc_profile"]} if picture.info.get("icc_profile") else {}
    if kind == "JPEG" and picture.getexif().get(_ORIENTATION, 1) == 1 and picture.mode in ("L", "RGB", "YCbCr"):
        picture.save(out, "JPEG", quality="keep", **kept)
        return out.getvalue(), _FORMATS[kind]
    turned = ImageOps.exif_transpose(picture)
    turned.info.clear()
    turned.getexif().clear()
    if kind == "JPEG" and turned.mode not in ("L", "RGB"):
        turned = turned.convert("RGB")
    quality = {} if kind == "PNG" else {"quality": _QUALITY}
    turned.save(out, kind, **quality, **kept)
    return out.getvalue(), _FORMATS[str(kind)]


def _broken(name: str) -> InputError:
    return InputError("writing.picture_broken", name=name, pixels=MOST_PIXELS // 10_000)
