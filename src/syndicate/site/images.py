"""The size of a picture, so that a page keeps its room before it is loaded."""

from __future__ import annotations

import warnings
from io import BytesIO

MOST_PIXELS = 50_000_000
"""A picture with more is a decompression bomb or a scan that no platform shows."""
_ORIENTATION, _TURNED = 0x0112, (5, 6, 7, 8)


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as shown (turned as the camera says); None for what is no picture.

    Only the head of the file is read.
    """
    # Loaded only where a page has pictures: most have none.
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a picture that is too large to decode still has a size
            with Image.open(BytesIO(data)) as picture:
                width, height = picture.size
                turned = picture.getexif().get(_ORIENTATION) in _TURNED
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return None
    return (height, width) if turned else (width, height)
