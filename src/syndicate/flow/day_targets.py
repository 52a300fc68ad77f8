"""本单位目标 over any period: website running, screens running, repairs in time, satisfaction; from dated records alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from syndicate.errors import Message
from syndicate.flow.incidents import problems
from syndicate.flow.screens import screen_share
from syndicate.flow.workspace import Workspace
from syndicate.inspection.judge import judge
from syndicate.inspection.measure import measure
from syndicate.model.channel import ChannelKind
from syndicate.model.facts import ChannelFact, DayFacts, InteractionFacts, ProbeFact
from syndicate.model.inspection import Indicator, Judgement, Level
from syndicate.records import feedback
from syndicate.records import office as office_records

OVER_TIME = ("website_running_share", "led_running_share", "repairs_in_time_share", "satisfaction_share")
"""The measures that a share of a whole period says something about; the others hold for a moment."""


def targets(workspace: Workspace, start: datetime, moment: datetime) -> tuple[Judgement, ...]:
    """The office's own targets, judged over the time from `start` to `moment` whatever their usual window is."""
    window = moment - start
    wanted = [
        replace(one, window=window) for one in workspace.snapshot.indicators if _counts(one) and window > timedelta(0)
    ]
    return judge(measure(_facts(workspace, start, moment), wanted), wanted)


def _counts(indicator: Indicator) -> bool:
    return indicator.enforced and indicator.level is Level.TARGET and indicator.measure in OVER_TIME


def _facts(workspace: Workspace, start: datetime, moment: datetime) -> DayFacts:
    office = workspace.snapshot.office
    screens = [one for one in workspace.snapshot.channels.values() if one.kind is ChannelKind.LED]
    looks = office_records.probes_between(start, moment, "site")
    return DayFacts(
        day=start.date(),
        as_of=moment,
        made_at=workspace.now(),
        office=office.name,
        site_name=office.site_name,
        site_url=office.site_url,
        sample=office.sample,
        snapshot=workspace.snapshot.hash,
        probes=tuple(
            ProbeFact(row.at, row.ok, row.milliseconds / 1000 if row.ok else None, row.target, row.detail)
            for row in looks
        )
        or None,
        channels=tuple(
            ChannelFact(one.id, one.title, one.kind, running_share=screen_share(workspace.home, one, start, moment))
            for one in screens
        ),
        problems=problems(start, moment),
        interaction=InteractionFacts(satisfaction=satisfaction(start, moment)),
        reasons={
            "probes": Message("report.not_probed").zh,
            "channel": Message("report.screen_unheard").zh,
            "interaction": Message("report.not_rated").zh,
        },
    )


def satisfaction(start: datetime, moment: datetime) -> float | None:
    """Percent of satisfied ratings of the days that lie wholly or in part within a time; None without a rating."""
    last = (moment - timedelta(microseconds=1)).astimezone(start.tzinfo)
    days = feedback.ratings_by_day(start.date(), last.date())
    total = sum(one.total for one in days.values())
    return 100 * sum(one.satisfied + one.fair for one in days.values()) / total if total else None
