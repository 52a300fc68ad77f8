"""What alarms watch: each watch reads the records and says what is not as it should be, or that it cannot tell.

Cannot tell (None) changes nothing: an incident that was open stays so until somebody sees that it is over.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from types import MappingProxyType

from syndicate.errors import Message
from syndicate.flow.attention import quiet_columns
from syndicate.flow.channel_accounts import troubled
from syndicate.flow.day_crawl import SiteAt
from syndicate.flow.day_site import probes
from syndicate.flow.drift import DRIFT, drift_target
from syndicate.flow.feedback_dues import late_feedback
from syndicate.flow.gone import still_visible
from syndicate.flow.reprint_duty import missing_reprints
from syndicate.flow.workspace import Workspace
from syndicate.inspection.measure_site import failed
from syndicate.inspection.reading import share
from syndicate.inspection.wording import limits, number
from syndicate.model.facts import LinkFact, ProbeFact, SiteFacts
from syndicate.model.incident import Sighting, Watch
from syndicate.records import office as office_records
from syndicate.records import receipts, sources, watch
from syndicate.records.office import ProbeRecord

Seen = Sequence[Sighting] | None
"""What a watch found; None: it cannot tell."""

_WEEK = timedelta(days=7)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_STALE = timedelta(hours=2)
"""Looks at the home page that are older say nothing about now."""
_NAMED = 3
"""Pages that an incident's text names."""


class Eyes:
    """One look at everything: what several watches need is read once."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.now = workspace.now()

    @cached_property
    def site(self) -> SiteFacts:
        """What the patrol knows of the website."""
        return SiteAt(self.workspace, self.now).facts()

    @cached_property
    def probes(self) -> tuple[ProbeFact, ...]:
        """The looks at the home page of the last seven days, oldest first."""
        return probes(self.now) or ()

    def see(self, what: Watch, living: Collection[str]) -> Seen:
        """What one watch sees. `living`: the subjects of its incidents that go on, which it looks at in any case."""
        return _WATCHES[what](self, living)


def _site_down(eyes: Eyes, _living: Collection[str]) -> Seen:
    now = eyes.now
    recent = [one for one in eyes.probes if one.at >= now - _STALE]
    if not recent:
        return None
    in_a_row: list[ProbeFact] = []
    for one in reversed(recent):
        if not failed(one):
            break
        in_a_row.append(one)
    if not in_a_row:
        return ()
    values = {"since": _clock(in_a_row[-1].at, now), "why": in_a_row[0].note or "—"}
    return (Sighting("", len(in_a_row), Message("incident.site_down", values)),)


def _unreachable_share(eyes: Eyes, _living: Collection[str]) -> Seen:
    now = eyes.now
    within = [one for one in eyes.probes if one.at >= now - _WEEK]
    if len(within) < limits()["probes_per_day"]:
        return None
    found = share(sum(map(failed, within)), len(within))
    return (Sighting("", found, Message("incident.unreachable_share", {"percent": number(found)})),)


def _patrol_stopped(eyes: Eyes, _living: Collection[str]) -> Seen:
    last, now = office_records.newest_look_at(), eyes.now
    if last is None:
        return None  # an office that never patrolled is being set up; `doctor` says so
    hours = max(0.0, (now - last) / _HOUR)
    return (Sighting("", hours, Message("incident.patrol_stopped", {"since": _clock(last, now)})),)


def _certificate(eyes: Eyes, _living: Collection[str]) -> Seen:
    now = eyes.now
    ends = eyes.site.certificate_ends
    if ends is None:
        return None
    message = Message("incident.certificate", {"day": f"{ends.astimezone(now.tzinfo):%Y-%m-%d}"})
    return (Sighting("", (ends - now) / _DAY, message),)


def _tampered_page(eyes: Eyes, _living: Collection[str]) -> Seen:
    pages = eyes.site.tampered
    if pages is None:
        return None
    if not pages:
        return ()
    named = "、".join(f"{page.url}（{'、'.join(page.missing)}）" for page in pages[:_NAMED])
    message = Message("incident.tampered_page", {"count": len(pages), "pages": named})
    return (Sighting("", len(pages), message, "/reports"),)


def _bad_links(eyes: Eyes, on_home: bool) -> tuple[LinkFact, ...] | None:
    links = eyes.site.broken_links
    if links is None:
        return None
    return tuple(one for one in links if one.on_home is on_home and not one.leads_off)


def _dead_link_home(eyes: Eyes, _living: Collection[str]) -> Seen:
    links = _bad_links(eyes, on_home=True)
    if links is None:
        return None
    return [
        Sighting(one.url, 1, Message("incident.dead_link_home", {"url": one.url, "why": one.why}), "/reports")
        for one in {one.url: one for one in links}.values()
    ]


def _dead_links_inner(eyes: Eyes, _living: Collection[str]) -> Seen:
    links = _bad_links(eyes, on_home=False)
    if links is None:
        return None
    named = "、".join(one.url for one in links[:_NAMED])
    message = Message("incident.dead_links_inner", {"count": len(links), "links": named})
    return (Sighting("", len(links), message, "/reports"),)


def _drift(eyes: Eyes, living: Collection[str]) -> Seen:
    now = eyes.now
    looks = {row.target: row for row in office_records.probes_between(now - _WEEK, now, DRIFT)}
    # Years of looks are read only for what has been wrong for longer than anybody could look at it.
    if longer := set(living) - looks.keys():
        looks |= office_records.newest_looks(DRIFT, longer)
    found: list[Sighting] = []
    for channel in eyes.workspace.snapshot.channels.values():
        if any(target.startswith(drift_target(channel.id)) and not row.ok for target, row in looks.items()):
            held = {drift_target(channel.id, one.receipt.url) for one in receipts.standing(channel.id)}
            bad = [row for target, row in looks.items() if target in held and not row.ok]
            found += [Sighting(row.target, 1, _drifted(channel.title, row), "/channels") for row in bad]
    return found


def _drifted(channel: str, row: ProbeRecord) -> Message:
    values = {"channel": channel, "url": row.target.partition(" ")[2], "what": row.detail}
    return Message("incident.drift", values)


def _still_visible(eyes: Eyes, _living: Collection[str]) -> Seen:
    rows = still_visible(eyes.now)
    return [Sighting(row.target, 1, Message("incident.still_visible", {"where": row.target})) for row in rows]


def _source(eyes: Eyes, _living: Collection[str]) -> Seen:
    off, now = sources.switched_off(), eyes.now
    found = []
    for one in sources.open_incidents():
        followed = eyes.workspace.snapshot.sources.get(one.source)
        if followed is not None and one.source not in off:
            result = Message(f"word.result_{one.result}")
            values = {"title": followed.title, "what_zh": result.zh, "what_en": result.en}
            hours = (now - one.opened_at) / _HOUR
            found.append(Sighting(one.source, hours, Message("incident.source", values), "/sources"))
    return found


def _account(eyes: Eyes, _living: Collection[str]) -> Seen:
    found = []
    for one in troubled(eyes.workspace):
        state, title = Message(f"word.account_{one.state}"), eyes.workspace.channel(one.channel).title
        values = {"channel": title, "state_zh": state.zh, "state_en": state.en}
        found.append(Sighting(f"{one.channel} {one.state}", 1, Message("notice.account", values), "/channels"))
    return found


def _overdue_delivery(eyes: Eyes, _living: Collection[str]) -> Seen:
    now = eyes.now
    found = []
    for channel, since in watch.overdue_since(now).items():
        if channel in eyes.workspace.snapshot.channels:
            values = {"channel": eyes.workspace.channel(channel).title, "since": _clock(since, now)}
            message = Message("incident.overdue_delivery", values)
            found.append(Sighting(channel, (now - since) / _HOUR, message, "/deliveries"))
    return found


def _missing_reprint(eyes: Eyes, living: Collection[str]) -> Seen:
    now = eyes.now
    found = []
    for one in missing_reprints(eyes.workspace, living):
        values = {"title": one.title, "until": _clock(one.deadline, now)}
        hours = (now - one.deadline) / _HOUR
        found.append(Sighting(one.subject, hours, Message("incident.missing_reprint", values), one.place))
    return found


def _column(eyes: Eyes, _living: Collection[str]) -> Seen:
    now = eyes.now
    return [
        Sighting(
            one.column.name,
            (now - one.due_at) / _DAY,
            Message("incident.column", {"title": one.column.title, "until": f"{one.due_at:%Y-%m-%d}"}),
        )
        for one in quiet_columns(eyes.workspace)
        if one.last is not None  # a column that never had anything is the set-up's matter, not news
    ]


def _late_feedback(eyes: Eyes, _living: Collection[str]) -> Seen:
    return list(late_feedback(eyes.workspace))


def _clock(moment: datetime, now: datetime) -> str:
    return f"{moment.astimezone(now.tzinfo):%m-%d %H:%M}"


_WATCHES: Mapping[Watch, Callable[[Eyes, Collection[str]], Seen]] = MappingProxyType(
    {
        Watch.SITE_DOWN: _site_down,
        Watch.UNREACHABLE_SHARE: _unreachable_share,
        Watch.PATROL_STOPPED: _patrol_stopped,
        Watch.CERTIFICATE: _certificate,
        Watch.TAMPERED_PAGE: _tampered_page,
        Watch.DEAD_LINK_HOME: _dead_link_home,
        Watch.DEAD_LINKS_INNER: _dead_links_inner,
        Watch.DRIFT: _drift,
        Watch.STILL_VISIBLE: _still_visible,
        Watch.SOURCE: _source,
        Watch.ACCOUNT: _account,
        Watch.OVERDUE_DELIVERY: _overdue_delivery,
        Watch.MISSING_REPRINT: _missing_reprint,
        Watch.COLUMN: _column,
        Watch.LATE_FEEDBACK: _late_feedback,
    }
)
