"""Small bar charts as values for an SVG template: places in the picture, and the same numbers for the table beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from syndicate.flow.day_figures import DayFigures

WIDTH, HEIGHT = 420, 120
_TOP, _BOTTOM = 18, 20
"""Room for the highest bar's number, and for the days."""


@dataclass(frozen=True)
class Bar:
    """One day's bar. `day` is written below it where there is room."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    words: str
    """Its number, as it stands above the bar and in the table."""
    label: str
    day: str
    today: bool
    noted: bool
    """Whether the number stands above the bar: the highest and today's, and all where there is room."""


@dataclass(frozen=True)
class Chart:
    """A chart with its title and what it says in one sentence."""

    name: str
    title: str
    sentence: str
    bars: tuple[Bar, ...]
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - _BOTTOM


def chart(
    name: str,
    title: str,
    sentence: str,
    days: Sequence[DayFigures],
    value: Callable[[DayFigures], tuple[float, str]],
) -> Chart:
    """Bars for the values of the days; `value` gives a number not below 0 and the words for it."""
    values = [value(one) for one in days]
    highest = max((number for number, _ in values), default=0) or 1
    step = WIDTH / max(len(values), 1)
    room = HEIGHT - _TOP - _BOTTOM
    top = max(range(len(values)), key=lambda number: values[number][0], default=0)
    every = 1 if len(values) <= 7 else 2 if len(values) <= 14 else 5
    bars = []
    for number, (one, (size, words)) in enumerate(zip(days, values, strict=True)):
        height = round(size / highest * room, 1)
        last = number == len(values) - 1
        bars.append(
            Bar(
                x=round(number * step + step * 0.15, 1),
                y=round(HEIGHT - _BOTTOM - height, 1),
                width=round(step * 0.7, 1),
                height=height,
                middle=round(number * step + step / 2, 1),
                words=words,
                label=f"{one.day:%m-%d}" if (len(values) - 1 - number) % every == 0 else "",
                day=f"{one.day:%Y-%m-%d}",
                today=last,
                noted=bool(size) and (last or number == top or len(values) <= 14),
            )
        )
    return Chart(name, title, sentence, tuple(bars))
