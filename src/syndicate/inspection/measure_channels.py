"""Measurements of the channels: findings on what is published, freshness of accounts, screen and app, drift."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from syndicate.inspection.reading import Instrument, Reading, absent, counted, flag, shown
from syndicate.inspection.wording import days_between, hours_between, moment, say
from syndicate.model.channel import SITES, ChannelKind
from syndicate.model.facts import ChannelFact, DayFacts, FindingFact
from syndicate.model.finding import Severity
from syndicate.model.inspection import Evidence

NEW_MEDIA = (ChannelKind.WEIBO, ChannelKind.WECHAT, ChannelKind.APP)
"""政务新媒体 as 国办发〔2018〕123号 defines it: third-party accounts and self-built apps. An LED screen is not named."""


def _each(facts: DayFacts, kinds: tuple[ChannelKind, ...], read: Callable[[ChannelFact], Reading]) -> Sequence[Reading]:
    if facts.channels is None:
        return [absent(facts, "channels")]
    readings = [read(channel) for channel in facts.channels if channel.kind in kinds]
    return readings or [Reading(None, why=say("no_such_channel"))]


def _blocks(facts: DayFacts, channel: str) -> list[FindingFact]:
    held = facts.findings or ()
    return [f for f in held if f.severity is Severity.BLOCK and channel in f.published_on]


def _block_evidence(findings: Sequence[FindingFact]) -> list[Evidence]:
    return [
        Evidence(say("finding_evidence", title=f.title, excerpt=f.excerpt, rule=f.rule), f.url, f.found_at, f.sha256)
        for f in findings
    ]


def published_block_findings_website(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
    """Open block findings on what the website channels hold; one that stands on two of them counts once."""
    if facts.findings is None:
        return [absent(facts, "findings")]
    if facts.channels is None:
        return [absent(facts, "channels")]
    sites = {channel.id for channel in facts.channels if channel.kind in SITES}
    hits = [f for f in facts.findings if f.severity is Severity.BLOCK and sites.intersection(f.published_on)]
    return [counted(_block_evidence(hits))]


def published_block_findings_account(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
    """Open block findings on what each new media account holds."""

    def read(channel: ChannelFact) -> Reading:
        if facts.findings is None:
            return absent(facts, "findings", channel.title)
        return counted(_block_evidence(_blocks(facts, channel.id)), channel.title)

    return _each(facts, NEW_MEDIA, read)


def account_age_days(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
    """Days since the newest publication on each new media account."""

    def read(channel: ChannelFact) -> Reading:
        if channel.last_success is None:
            return Reading(None, why=say("never_published"), subject=channel.title)
        text = say("last_success", at=moment(channel.last_success, facts.as_of))
        evidence = Evidence(text, channel.url, channel.last_success)
        return Reading(days_between(channel.last_success, facts.as_of), (evidence,), subject=channel.title)

    return _each(facts, NEW_MEDIA, read)


def app_unusable(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
    """1 for each app that cannot be downloaded or opened."""
    return _each(facts, (ChannelKind.APP,), lambda c: flag(facts, f"channel.{c.id}.usable", c.usable, subject=c.title))


def interaction_missing(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
    """1 for each new media account without working interaction."""
    return _each(facts, NEW_MEDIA, lambda c: flag(facts, f"channel.{c.id}.interactive", c.interactive, subject=c.title))


def led_running_share(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
    """Percent of scheduled minutes in which each screen ran."""

    def read(channel: ChannelFact) -> Reading:
        if channel.running_share is None:
            return absent(facts, f"channel.{channel.id}.running_share", channel.title)
        return Reading(channel.running_share, subject=channel.title)

    return _each(facts, (ChannelKind.LED,), read)


def drifted_posts(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
    """For each channel, how many of its posts no longer are what was approved."""

    def read(channel: ChannelFact) -> Reading:
        if channel.drift is None:
            return absent(facts, f"channel.{channel.id}.drift", channel.title)
        return Reading(float(channel.drift), subject=channel.title)

    return _each(facts, tuple(ChannelKind), read)


def deliveries_needing_person(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
    """Deliveries of all channels that only a person can settle."""
    if facts.channels is None:
        return [absent(facts, "channels")]
    counts = [(c.title, c.needs_person) for c in facts.channels]
    stuck = [(title, count) for title, count in counts if count]
    if any(count is None for _, count in counts):
        return [absent(facts, "channels")]
    evidence = [Evidence(say("channel_count", title=title, count=count)) for title, count in stuck]
    return [Reading(float(sum(count for _, count in stuck)), shown(evidence))]


def oldest_overdue_hours(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
    """Hours for which the longest overdue delivery of all channels has been due; 0 when none is."""
    if facts.channels is None:
        return [absent(facts, "channels")]
    if any(c.needs_person is None for c in facts.channels):
        return [absent(facts, "channels")]
    late = [(c.oldest_overdue, c.title) for c in facts.channels if c.oldest_overdue is not None]
    if not late:
        return [Reading(0.0)]
    since, title = min(late)
    evidence = Evidence(say("overdue_since", title=title, at=moment(since, facts.as_of)), at=since)
    return [Reading(max(0.0, hours_between(since, facts.as_of)), (evidence,))]


CHANNELS: Mapping[str, Instrument] = MappingProxyType(
    {
        "published_block_findings_website": published_block_findings_website,
        "published_block_findings_account": published_block_findings_account,
        "account_age_days": account_age_days,
        "app_unusable": app_unusable,
        "interaction_missing": interaction_missing,
        "led_running_share": led_running_share,
        "drifted_posts": drifted_posts,
        "deliveries_needing_person": deliveries_needing_person,
        "oldest_overdue_hours": oldest_overdue_hours,
    }
)
