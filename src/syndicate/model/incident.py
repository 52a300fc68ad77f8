"""故障: what the office watches, what an alarm is raised for, and an incident from its first sight to its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from syndicate.errors import Message
from syndicate.model.notice import Addressee, Event, How


class Watch(StrEnum):
    """What can be watched; each gives one value per subject (an address, a channel, a source), or cannot tell."""

    SITE_DOWN = "site_down"
    """How many of the newest looks at the home page failed in a row."""
    UNREACHABLE_SHARE = "unreachable_share"
    """Percent of the looks of the last seven days that failed."""
    PATROL_STOPPED = "patrol_stopped"
    """Hours since the patrol looked at anything."""
    CERTIFICATE = "certificate"
    """Days until the website's certificate ends."""
    TAMPERED_PAGE = "tampered_page"
    """How many pages are not what was written."""
    DEAD_LINK_HOME = "dead_link_home"
    """A link of the home page that does not open; one incident each."""
    DEAD_LINKS_INNER = "dead_links_inner"
    """How many links of other pages do not open."""
    DRIFT = "drift"
    """Something published that no longer is what was approved; one incident each."""
    STILL_VISIBLE = "still_visible"
    """Something withdrawn that the public still sees; one incident each."""
    SOURCE = "source"
    """Hours since a source stopped being well."""
    ACCOUNT = "account"
    """A channel's account that cannot be used, or not for long."""
    OVERDUE_DELIVERY = "overdue_delivery"
    """Hours for which the longest overdue delivery of a channel has been due."""
    MISSING_REPRINT = "missing_reprint"
    """Hours since the deadline of a reprint that is a duty and still stands nowhere."""
    COLUMN = "column"
    """Days for which a column has been past its duty to be updated."""
    LATE_FEEDBACK = "late_feedback"
    """Hours since a report of the public should have been answered; one incident each."""


class Group(StrEnum):
    """Where an alarm goes beside the people it names."""

    WECOM = "wecom"
    WEBHOOK = "webhook"


@dataclass(frozen=True)
class Alarm:
    """告警规则: one line of `content/alarms.yaml`: what is watched, from when on it is an incident, and who hears of it."""

    id: str
    title: str
    watch: Watch
    threshold: float
    repair_within: timedelta
    """From the beginning of the incident to its deadline; repairs are measured against it."""
    basis: str
    operator: str = ">="
    lasting: timedelta = timedelta(0)
    """How long it must have been so before it is an incident."""
    calm: timedelta = timedelta(0)
    """How long it must have been well before the incident is over."""
    event: Event = Event.ALARM
    """As which people choose how to hear of it; without `to`, `content/notices.yaml` says who does."""
    to: tuple[Addressee, ...] = ()
    how: How = How.NOW
    send: tuple[Group, ...] = ()
    urgent: bool = False
    """Goes out in quiet hours too."""
    enabled: bool = True


@dataclass(frozen=True)
class QuietHours:
    """免打扰时段: from one time of the day to another, over midnight where the second is the earlier one."""

    begin: time
    end: time

    def over_at(self, now: datetime) -> datetime | None:
        """When the quiet hours that hold at this moment end; None when none hold."""
        for day in (now.date() - timedelta(days=1), now.date()):
            start = datetime.combine(day, self.begin, now.tzinfo)
            over = self.begin >= self.end
            end = datetime.combine(day + timedelta(days=over), self.end, now.tzinfo)
            if start <= now < end:
                return end
        return None


@dataclass(frozen=True)
class AlarmRules:
    """`content/alarms.yaml` as a whole."""

    alarms: tuple[Alarm, ...] = ()
    quiet_hours: QuietHours | None = None


@dataclass(frozen=True)
class Sighting:
    """One value of a watch: of which subject, what it says for people, and where at the desk it is dealt with."""

    subject: str
    value: float
    message: Message
    place: str = "/"


@dataclass(frozen=True)
class Incident:
    """One trouble. `opened_at` None: seen, but not for long enough; `closed_at` None: it goes on."""

    alarm: str
    subject: str
    message: Message
    place: str
    seen_at: datetime
    opened_at: datetime | None = None
    deadline: datetime | None = None
    gone_at: datetime | None = None
    """Since when it has not been seen any more, while it is not over yet."""
    closed_at: datetime | None = None
    id: int = 0
    """Its row; 0 before it is kept."""
