"""Text drawn into pictures: slides for screens and plain covers, with a CJK font of this machine. Deterministic."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
)
"""Where Debian and its relatives install CJK fonts; the first that exists is used."""
_SIMPLIFIED_FACE = 2
"""Noto's collections carry JP, KR, SC, TC, HK in this order."""
_NOT_AT_LINE_START = "，。、；：！？）》】〉」』”’…—％·,.;:!?)%"
_COVER = (900, 383)
"""2.35 : 1, the shape of WeChat's cover."""
_RED, _GOLD, _WHITE, _NIGHT = "#b01e23", "#f3d58a", "#ffffff", "#0b1f3a"


def find_font(preferred: tuple[str, ...] = ()) -> Path | None:
    """A font file that knows Chinese, or None where none is installed."""
    return next((Path(name) for name in (*preferred, *FONTS) if Path(name).is_file()), None)


@lru_cache(maxsize=64)
def _face(font: Path, size: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(font, size, index=_SIMPLIFIED_FACE if "Noto" in font.name else 0)
    except OSError:
        return ImageFont.truetype(font, size)


def draw_slide(title: str, text: str, width: int, height: int, font: Path) -> bytes:
    """PNG of exactly `width` × `height` pixels: title in gold, text in white, as large as fits."""
    image = Image.new("RGB", (width, height), _NIGHT)
    draw = ImageDraw.Draw(image)
    margin = max(4, min(width, height) // 16)
    inner = (width - 2 * margin, height - 2 * margin)
    title_height = inner[1] * 2 // 5 if text else inner[1]
    bottom = _draw_block(draw, title, font, (margin, margin), (inner[0], title_height), _GOLD)
    if text:
        left = height - margin - bottom - margin // 2
        _draw_block(draw, text, font, (margin, bottom + margin // 2), (inner[0], max(8, left)), _WHITE)
    return _png(image)


def draw_cover(title: str, font: Path | None) -> bytes:
    """PNG cover for an article without a picture; without a font only the coloured field."""
    image = Image.new("RGB", _COVER, _RED)
    draw = ImageDraw.Draw(image)
    draw.rectangle((24, 24, _COVER[0] - 25, _COVER[1] - 25), outline=_GOLD, width=3)
    if font:
        _draw_block(draw, title, font, (72, 96), (_COVER[0] - 144, _COVER[1] - 192), _WHITE)
    return _png(image)


def wrap(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Lines no wider than `width` pixels; closing punctuation never begins a line."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for character in paragraph:
            too_wide = line and face.getlength(line + character) > width
            if too_wide and character not in _NOT_AT_LINE_START:
                lines.append(line)
                line = "" if character == " " else character
            else:
                line += character
        if line:
            lines.append(line)
    return lines


def _draw_block(
    draw: ImageDraw.ImageDraw, text: str, font: Path, corner: tuple[int, int], box: tuple[int, int], colour: str
) -> int:
    """Draw `text` as large as fits the box (at least 8 pixels high, then cut off); the pixel row below it."""
    size = max(8, box[1] // 2)
    lines = wrap(text, _face(font, size), box[0])
    while size > 8 and len(lines) * _line_height(size) > box[1]:
        size = max(8, size * 9 // 10)
        lines = wrap(text, _face(font, size), box[0])
    row = corner[1]
    for line in lines[: max(1, box[1] // _line_height(size))]:
        draw.text((corner[0], row), line, font=_face(font, size), fill=colour)
        row += _line_height(size)
    return row


def _line_height(size: int) -> int:
    return size * 13 // 10


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=False)
    return out.getvalue()
