"""What a check of figures answers, and when two figures fit within the rounding of both."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext

from syndicate.monitor.quantities import Quantity


@dataclass(frozen=True)
class Contradiction:
    """Figures that do not fit, by place. `expected` says in words what would; `sure` is False where it may be meant so."""

    start: int
    end: int
    expected: str
    suggestion: str | None = None
    sure: bool = True


def bounds(quantity: Quantity) -> tuple[Decimal, Decimal]:
    """The least and the greatest value that may have been rounded to this one."""
    half = quantity.step / 2
    return quantity.value - half, quantity.value + half


def fits_ratio(part: tuple[Decimal, Decimal], whole: tuple[Decimal, Decimal], said: Quantity) -> bool:
    """Whether `part / whole` in percent may be what is said; the last digit said may also have been cut off."""
    if whole[0] <= 0:
        return True
    with localcontext(prec=30):
        edges = [100 * one / other for one in part for other in whole]
    return min(edges) - said.step <= said.value <= max(edges) + said.step


def percent(part: Decimal, whole: Decimal, said: Quantity) -> str:
    """`part / whole` in percent, with as many decimals as what is said."""
    return said.written(100 * part / whole) if whole else "—"


def is_slip(wrong: Decimal, right: Decimal) -> bool:
    """Whether one slip of the pen leads from one figure to the other: a digit, two exchanged, one lost, the point moved."""
    one, other = _digits(wrong), _digits(right)
    if wrong <= 0 or right <= 0 or one == other:
        return wrong > 0 and right > 0
    if len(one) == len(other):
        places = [index for index in range(len(one)) if one[index] != other[index]]
        if len(places) == 1:
            return True
        swapped = len(places) == 2 and places[1] == places[0] + 1
        return swapped and one[places[0]] == other[places[1]] and one[places[1]] == other[places[0]]
    shorter, longer = sorted((one, other), key=len)
    return (
        len(longer) == len(shorter) + 1
        and len(shorter) > 1
        and any(longer[:index] + longer[index + 1 :] == shorter for index in range(len(longer)))
    )


def significant(value: Decimal) -> int:
    """How many digits a figure has without the zeros at its ends."""
    return len(_digits(value))


def _digits(value: Decimal) -> str:
    """The digits without point and without the zeros at both ends: 12.50 and 1250万 have the same."""
    return f"{value:f}".replace(".", "").strip("0")
