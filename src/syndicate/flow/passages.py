"""批注: remarks on single passages, given as the words of the passage, kept as a span of the part's source."""

from __future__ import annotations

import re
from dataclasses import dataclass

from syndicate.errors import InputError
from syndicate.model.item import Content
from syndicate.model.review import PassageComment
from syndicate.text.mapping import Mapped, identity
from syndicate.text.markup import plain_from_markup

_WHITE = re.compile(r"\s+")
_LONGEST = 500


@dataclass(frozen=True)
class Remark:
    """What a reviewer says about the words `quote`; `occurrence` counts from 1 where they stand more than once."""

    quote: str
    text: str
    occurrence: int = 1


def comment_on(content: Content, remark: Remark) -> PassageComment:
    """The remark with its place, in the body or else the title; white space does not count.

    Raises InputError for words that do not stand there, and for a remark that says nothing or is too long.
    """
    quote, text = _WHITE.sub("", remark.quote), remark.text.strip()
    if not quote or not text or max(len(quote), len(text)) > _LONGEST:
        raise InputError("review.remark", limit=_LONGEST)
    for part, source in (("body", plain_from_markup(content.body)), ("title", identity(content.title))):
        span = _span(source, quote, remark.occurrence)
        if span:
            return PassageComment(part, *span, quote, text)
    raise InputError("review.no_passage", quote=quote[:40])


def _span(source: Mapped, quote: str, occurrence: int) -> tuple[int, int] | None:
    """Where the words stand in the source; the last time where they stand less often than that."""
    tight = source.without(match.span() for match in _WHITE.finditer(source.text))
    starts = [match.start() for match in re.finditer(f"(?={re.escape(quote)})", tight.text)]
    if not starts:
        return None
    start = starts[min(max(occurrence, 1), len(starts)) - 1]
    return tight.span(start, start + len(quote))
