"""Parts and their total in a sentence, and shares of a whole that must make 100."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from syndicate.monitor.arithmetic.contradiction import Contradiction, is_slip, significant
from syndicate.monitor.quantities import PERCENT, POINTS, Quantity, Sentence
from syndicate.text.late import late

_COMPLETE = late(r"由|包括|分别(?:为|是)|分为")
_PARTS = late(r"其中|包括|由|分别|含|分为")
_TOTAL_LAST = late(r"[，,]?(?:合计|共计|总计|共|累计)(?:为|达)?$")
_MORE = late(r"^(?:[\u4e00-\u9fff]{0,4})?(?:等|以及其他)")
_MADE_OF = late(r"组成|构成")
_RATIO = late(r"[0-9](?<![0-9.∶:：].)[0-9]*(?:\.[0-9]+)?(?:\s?[∶:：]\s?\d+(?:\.\d+)?){2,5}(?![\d.∶:：])")
_STRUCTURE = late(r"结构|占比|构成|比重|比例")
_SHARES = late(r"(?:分别占|占比分别为?)[^，,。达到]{0,8}$")
_FEWEST = 2
_FEWEST_DIGITS = 3
"""Rounder figures than this are one slip apart too often by chance."""


@dataclass(frozen=True)
class Labels:
    """Words by which parts are told from qualities: one thing may have several of `overlapping`."""

    overlapping: re.Pattern[str]
    complementary: tuple[frozenset[str], ...] = ()
    """Sets of words that together leave nothing out: 男 and 女."""

    def are_whole(self, links: Sequence[str]) -> bool:
        """Whether the parts behind these words leave nothing out."""
        return any(
            len(words) == len(links) and all(sum(word in link for link in links) == 1 for word in words)
            for words in self.complementary
        )


def sums(found: Iterable[Sentence], labels: Labels) -> Iterator[Contradiction]:
    """Totals that their parts do not make."""
    for sentence in found:
        index = 0
        while index + _FEWEST < len(sentence.quantities):
            count = _parts_after(sentence, index)
            if count >= _FEWEST:
                chosen = sentence.quantities[index : index + count + 1]
                links = sentence.links[index + 1 : index + count + 1]
                whole = _is_complete(sentence, index, count) or labels.are_whole(links)
                overlaps = _overlaps(sentence, index, count, labels)
                one = _judge(
                    chosen[0],
                    chosen[1:],
                    whole,
                    overlaps,
                )
                if one:
                    yield one
                index += count
            index += 1
        one = _total_last(sentence, labels)
        if one:
            yield one


def _parts_after(sentence: Sentence, index: int) -> int:
    """How many parts follow the total at `index`; 0 where no word announces them."""
    total = sentence.quantities[index]
    if not _PARTS.search(sentence.links[index + 1]) or total.unit in (PERCENT, POINTS, ""):
        return 0
    count = 0
    for part, link in zip(sentence.quantities[index + 1 :], sentence.links[index + 1 :], strict=False):
        if part.unit != total.unit or (count and _PARTS.search(link)):
            break
        count += 1
    return count


def _is_complete(sentence: Sentence, index: int, count: int) -> bool:
    return bool(_COMPLETE.search(sentence.links[index + 1]) and _MADE_OF.search(sentence.links[index + count + 1][:12]))


def _overlaps(sentence: Sentence, index: int, count: int, labels: Labels) -> bool:
    links = sentence.links[index + 1 : index + count + 1]
    return bool(_MORE.match(sentence.links[index + count + 1])) or any(
        labels.overlapping.search(link) for link in links
    )


def _judge(total: Quantity, parts: Sequence[Quantity], complete: bool, overlaps: bool) -> Contradiction | None:
    made = sum((part.value for part in parts), Decimal(0))
    rounding = _rounding(total, parts)
    if abs(made - total.value) <= rounding or (overlaps and not complete):
        return None
    # Parts that do not make the total may be a choice of them; one slip of the pen away from it they are not. Parts that
    # make more cannot all belong to it, unless one thing counts in two of them.
    sure = complete or _one_slip(total, parts, made)
    if not sure and made < total.value:
        return None
    start, end = min(total.start, parts[0].start), max(total.end, parts[-1].end)
    return Contradiction(start, end, total.written(made), sure=sure)


def _rounding(total: Quantity, parts: Sequence[Quantity]) -> Decimal:
    """How far rounding alone may lead: nothing where things are counted, else half the finest step for every figure.

    The finest, because a writer who gives decimals drops them only where they are zero (12.5万元、30万元).
    """
    steps = [total.step, *(part.step for part in parts)]
    if all(one.scale == 1 and one.step == 1 for one in (total, *parts)):
        return Decimal(0)
    return min(steps) * len(steps) / 2


def _one_slip(total: Quantity, parts: Sequence[Quantity], made: Decimal) -> bool:
    if significant(total.value) < _FEWEST_DIGITS and significant(made) < _FEWEST_DIGITS:
        return False
    if is_slip(total.value, made):
        return True
    return any(is_slip(part.value, part.value + total.value - made) for part in parts)


def _total_last(sentence: Sentence, labels: Labels) -> Contradiction | None:
    """A、B、C，合计 T."""
    for index in range(_FEWEST, len(sentence.quantities)):
        total = sentence.quantities[index]
        if not _TOTAL_LAST.search(sentence.links[index]) or total.unit in (PERCENT, POINTS, ""):
            continue
        parts = sentence.quantities[:index]
        links = sentence.links[:index]
        if any(part.unit != total.unit for part in parts) or any(labels.overlapping.search(link) for link in links):
            continue
        if any(_PARTS.search(link) for link in links):
            continue
        return _judge(total, parts, False, False)
    return None


def shares(text: str, found: Iterable[Sentence]) -> Iterator[Contradiction]:
    """三次产业结构 a∶b∶c that does not make 100, and shares listed after 分别占 that make more."""
    for match in _RATIO.finditer(text):
        if not _STRUCTURE.search(text, max(0, match.start() - 16), match.start()):
            continue
        numbers = re.findall(r"\d+(?:\.\d+)?", match.group())
        total = sum(map(Decimal, numbers), Decimal(0))
        step = max(Decimal(1).scaleb(-len(number.partition(".")[2])) for number in numbers)
        if abs(total - 100) > step * len(numbers) / 2 and 60 < total < 200:
            yield Contradiction(match.start(), match.end(), f"100（现为 {total}）")
    for sentence in found:
        yield from _listed(sentence)


def _listed(sentence: Sentence) -> Iterator[Contradiction]:
    for index, link in enumerate(sentence.links[:-1]):
        if not _SHARES.search(link):
            continue
        parts: list[Quantity] = []
        for part, between in zip(sentence.quantities[index:], sentence.links[index:], strict=False):
            if part.unit != PERCENT or (parts and between.strip() not in ("、", "和", "，", ",", "及", "与")):
                break
            parts.append(part)
        total = sum((part.value for part in parts), Decimal(0))
        rounding = sum((part.step for part in parts), Decimal(0)) / 2
        if len(parts) >= _FEWEST and total > 100 + rounding:
            yield Contradiction(parts[0].start, parts[-1].end, f"不超过 100%（现为 {total}%）")
