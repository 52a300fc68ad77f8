"""The same document at another source: by its number, else by a title and a text that are nearly the same.

To take two documents for one would lose one of them, so every rule here prefers two items to none: figures must agree,
documents with two different numbers are two, and one source never repeats itself (its keys tell its rows apart).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from zlib import crc32

from syndicate.ingest.documents import plain
from syndicate.ingest.tables import table
from syndicate.model.item import Content

_SIZE = 128
"""Hashes of a sketch: the resemblance it estimates is off by about 4 points."""
_SHINGLE = 5
_LONGEST = 200_000
_SHUT_OUT = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"([\u4e00-\u9fff]{1,20}?)[〔\[(【［（]?((?:19|20)\d\d)[〕\])】］）]?第?(\d{1,5})号")
_FIGURES = re.compile(r"\d+(?:\.\d+)?")
_COUNTING = re.compile(r"\d+|[〇零一二三四五六七八九十百千]+")


@cache
def thresholds() -> Mapping[str, float]:
    """`tables/likeness.tsv` by key."""
    return {row["key"]: float(row["value"]) for row in table("likeness")}


def window() -> timedelta:
    """So long after it was seen a document may come again."""
    return timedelta(days=thresholds()["days"])


def document_number(fields: Mapping[str, str]) -> str:
    """The 发文字号 in one spelling (`示政发〔2026〕3号`); empty where there is none or it is no number."""
    written = unicodedata.normalize("NFKC", re.sub(r"\s+", "", fields.get("发文字号", "")[:200]))
    found = _NUMBER.fullmatch(written)
    return f"{found[1]}〔{found[2]}〕{int(found[3])}号" if found else ""


def sketch(content: Content) -> tuple[int, ...]:
    """The smallest hashes of a text's shingles: of two texts about as many are shared as their shingles are."""
    return tuple(
        sorted({crc32(shingle.encode("utf-8", "surrogatepass")) for shingle in _shingles(_bare(content))})[:_SIZE]
    )


def resemblance(first: Sequence[int], second: Sequence[int]) -> float:
    """The share of shingles that two texts have in common, estimated from their sketches; 0 where one is empty."""
    smallest = sorted({*first, *second})[:_SIZE]
    both = set(first) & set(second)
    return sum(one in both for one in smallest) / len(smallest) if first and second else 0.0


def same_title(first: str, second: str, share: float) -> bool:
    """Whether two titles have so many pairs of characters in common, and every number."""
    one, other = _letters(first), _letters(second)
    if _COUNTING.findall(one) != _COUNTING.findall(other):
        return False
    pairs, others = _pairs(one), _pairs(other)
    return one == other or (bool(pairs) and 2 * len(pairs & others) >= share * (len(pairs) + len(others)))


def same_document(first: Content, second: Content) -> bool:
    """Whether two articles are one document. Numbers decide where both have one; else title, text and every figure."""
    limits = thresholds()
    numbers = document_number(first.fields), document_number(second.fields)
    if all(numbers):
        return numbers[0] == numbers[1] and same_title(first.title, second.title, limits["title_with_number"])
    if not same_title(first.title, second.title, limits["title"]):
        return False
    one, other = _bare(first), _bare(second)
    if min(len(one), len(other)) < limits["least_text"]:
        return False  # "see the attachment" says nothing
    shingles, others = _shingles(one), _shingles(other)
    alike = len(shingles & others) >= limits["text"] * len(shingles | others)
    return alike and sorted(_FIGURES.findall(one)) == sorted(_FIGURES.findall(other))


def same_text(first: Content, second: Content) -> bool:
    """Whether a reader sees the same: blanks, markup and addresses may differ, words, facts and files may not."""
    return _read(first) == _read(second)


def _read(content: Content) -> tuple[object, ...]:
    files = sorted((file.sha256, file.role) for file in content.attachments)
    facts = content.title, content.source_name, content.published_at, dict(content.fields)
    return (*facts, re.sub(r"\s+", "", plain(content.body, _LONGEST)), files)


def _bare(content: Content) -> str:
    """Letters and digits of a text; a point inside a number stays."""
    text = unicodedata.normalize("NFKC", plain(content.body, _LONGEST))
    return re.sub(r"(?<!\d)\.|\.(?!\d)|[^\w.]|_", "", text)


def _letters(title: str) -> str:
    return _SHUT_OUT.sub("", unicodedata.normalize("NFKC", title)).lower()


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[start : start + 2] for start in range(len(text) - 1))


def _shingles(text: str) -> frozenset[str]:
    return frozenset(text[start : start + _SHINGLE] for start in range(max(len(text) - _SHINGLE + 1, 1)) if text)
