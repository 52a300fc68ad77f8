"""Plain words: characters that may be published, excerpts, and the longest form of a text that fits."""

from __future__ import annotations

import re
from collections.abc import Callable

ELLIPSIS = "…"

# Not allowed in HTML or XML: control characters but tab and line breaks, lone surrogates, noncharacters.
_UNPUBLISHABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
_WEB_ADDRESS = re.compile(r"https?://[^\s\"'<>\\\x00-\x1f]+", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[。！？；!?][”’』」）)]*")


def clean(text: str) -> str:
    """The text without characters that no page and no feed may carry."""
    return _UNPUBLISHABLE.sub("", text)


def one_line(text: str) -> str:
    """The cleaned text with every run of blanks and line breaks as one blank."""
    return " ".join(clean(text).split())


def web_address(address: str) -> str:
    """The address where a browser may be led to it (http or https, no blanks or quotes); else the empty text."""
    return address if _WEB_ADDRESS.fullmatch(address) else ""


def outside_gbk(text: str) -> str:
    """The characters that GBK, the code of simple screens and tickers, does not have; each once, in their order."""
    return "".join(dict.fromkeys(character for character in text if not character.encode("gbk", "ignore")))


def fit(text: str, fits: Callable[[str], bool], *, whole_sentences: bool = False) -> tuple[str, bool]:
    """The longest form of `text` that fits, and whether it had to be broken off with an ellipsis.

    With `whole_sentences` an excerpt that ends with a sentence in its second half is whole and gets no ellipsis.
    `fits` must hold for every shorter text where it holds for a longer one; a text that never fits becomes empty.
    """
    if fits(text):
        return text, False
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle].rstrip() + ELLIPSIS) else (low, middle - 1)
    if whole_sentences:
        ends = [found.end() for found in _SENTENCE_END.finditer(text, 0, low)]
        if ends and ends[-1] * 2 >= low:
            return text[: ends[-1]], False
    shortened = text[:low].rstrip()
    return (shortened + ELLIPSIS if shortened else ""), True
