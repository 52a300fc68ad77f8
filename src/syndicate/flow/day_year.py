"""The lines of the 政府网站工作年度报表 that records answer, in the facts of a year; the others say what a person must fill in.

The eight headings and what is counted under them: 国办《政府网站工作年度报表》 2018; single counters are not confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from syndicate.errors import Message
from syndicate.flow.workspace import Workspace
from syndicate.inspection.measure_channels import NEW_MEDIA
from syndicate.inspection.reading import share
from syndicate.inspection.wording import number
from syndicate.model.facts import ChannelFact, ColumnFact, InteractionFacts
from syndicate.model.trend import TrendPoint, YearlyFact
from syndicate.records import work


def yearly_facts(
    workspace: Workspace,
    start: datetime,
    moment: datetime,
    known: tuple[tuple[ColumnFact, ...], tuple[ChannelFact, ...], tuple[TrendPoint, ...], InteractionFacts | None],
) -> tuple[YearlyFact, ...]:
    """Every line in the order of the form; `known` are columns, channels, trends and interaction of the same year."""
    columns, channels, trends, interaction = known
    explained = work.shown_explanations(start, moment)
    return (
        *_published(columns),
        _by_hand("topics", "topics_count"),
        YearlyFact(_word("explained"), _word("explained_count"), f"{explained} 条", _word("explained_note")),
        *(_by_hand("services", name) for name in ("services_count", "services_done")),
        *_interaction(interaction),
        *_safety(trends),
        *_media(channels),
        _by_hand("innovation", "innovation_what"),
    )


def _word(name: str) -> str:
    return Message(f"yearly.{name}").zh


def _by_hand(heading: str, name: str) -> YearlyFact:
    return YearlyFact(_word(heading), _word(name), "", _word("not_kept"))


def _published(columns: tuple[ColumnFact, ...]) -> Iterator[YearlyFact]:
    total = sum(column.new_today for column in columns)
    yield YearlyFact(_word("published"), _word("published_total"), f"{total} 条", _word("published_note"))
    for column in columns:
        yield YearlyFact(_word("published"), column.title, f"{column.new_today} 条")


def _interaction(kept: InteractionFacts | None) -> Iterator[YearlyFact]:
    for name, value in (
        ("received", kept.received if kept else None),
        ("answered", kept.answered if kept else None),
    ):
        if value is None:
            yield _by_hand("interaction", name)
        else:
            yield YearlyFact(_word("interaction"), _word(name), f"{value} 条")
    yield _by_hand("interaction", "interviews")


def _safety(trends: tuple[TrendPoint, ...]) -> Iterator[YearlyFact]:
    probes, failed = sum(point.probes for point in trends), sum(point.probes_failed for point in trends)
    heading = _word("safety")
    if probes:
        told = Message("yearly.down_note", {"probes": probes, "failed": failed}).zh
        yield YearlyFact(heading, _word("down"), f"{number(share(failed, probes))}%", told)
    else:
        yield _by_hand("safety", "down")
    yield _by_hand("safety", "incidents")


def _media(channels: tuple[ChannelFact, ...]) -> Iterator[YearlyFact]:
    for channel in channels:
        if channel.kind in NEW_MEDIA:
            name = Message("yearly.media_count", {"channel": channel.title}).zh
            yield YearlyFact(_word("media"), name, f"{channel.sent} 条")
    yield _by_hand("media", "followers")
