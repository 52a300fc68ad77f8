"""Small bar charts of the last days as values for an SVG template, with the same numbers for the table beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from syndicate.flow.day_figures import DayFigures
from syndicate.inspection.drawing import BASE, HEIGHT, WIDTH, Bar, bars


@dataclass(frozen=True)
class Chart:
    """A chart with its title, what it says in one sentence, its bars, and the day of each."""

    name: str
    title: str
    sentence: str
    bars: tuple[Bar, ...]
    days: tuple[str, ...]
    width: int = WIDTH
    height: int = HEIGHT
    base: int = BASE

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Each day with its number in words."""
        return tuple((day, bar.words) for day, bar in zip(self.days, self.bars, strict=True))


def chart(
    name: str,
    title: str,
    sentence: str,
    days: Sequence[DayFigures],
    value: Callable[[DayFigures], tuple[float, str]],
) -> Chart:
    """Bars for the values of the days; `value` gives a number not below 0 and the words for it."""
    drawn = bars([(f"{one.day:%m-%d}", *value(one)) for one in days])
    return Chart(name, title, sentence, drawn, tuple(f"{one.day:%Y-%m-%d}" for one in days))
