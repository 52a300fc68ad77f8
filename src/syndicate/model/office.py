"""The office and its configuration snapshot: everything that the YAML and TSV folders say, validated as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from syndicate.model.calendar import WorkingCalendar
from syndicate.model.channel import Channel, ChannelKind
from syndicate.model.feedback import FeedbackRules
from syndicate.model.incident import AlarmRules
from syndicate.model.inspection import Indicator
from syndicate.model.notice import NoticeRules
from syndicate.model.review import ReviewRules
from syndicate.model.site import Column
from syndicate.model.source import Preset, Source
from syndicate.model.tables import MonitorTables


class SecondFactorDuty(StrEnum):
    """Who may work in the desk only with a second factor beside the password."""

    NOBODY = "nobody"
    PUBLISHERS = "publishers"
    """签发人 and administrators."""
    EVERYBODY = "everybody"


@dataclass(frozen=True)
class Office:
    """Who publishes: `content/office.yaml`. The texts go into page headers, footers and meta tags as they stand."""

    name: str
    """主办单位."""
    site_name: str
    domain: str
    """SiteDomain, without scheme."""
    site_url: str
    """Base address of the public site, without a trailing slash."""
    site_code: str
    """网站标识码."""
    icp: str
    police_record: str
    contact: str
    telephone: str
    timezone: ZoneInfo
    white_list: tuple[str, ...]
    """稿源单位 whose texts may be reprinted, beside those the sources name."""
    sample: bool
    """True for demo and training offices: every page and report says so."""
    description: str = ""
    second_factor: SecondFactorDuty = SecondFactorDuty.NOBODY


@dataclass(frozen=True)
class Snapshot:
    """One load of the whole configuration; `hash` is over every file's bytes and names it in findings and decisions."""

    hash: str
    office: Office
    columns: Mapping[str, Column]
    sources: Mapping[str, Source]
    channels: Mapping[str, Channel]
    indicators: tuple[Indicator, ...]
    templates: Mapping[str, str]
    """Path below `content/templates/` → text."""
    tables: Callable[[], MonitorTables] = field(default=MonitorTables, compare=False)
    """Reads what the monitor is compiled from, of this very load: most processes never check a text. See `monitored`."""
    presets: Mapping[str, Preset] = field(default_factory=dict)
    """Families of publishing systems that source files may name."""
    review: ReviewRules = field(default_factory=ReviewRules)
    notices: NoticeRules = field(default_factory=NoticeRules)
    alarms: AlarmRules = field(default_factory=AlarmRules)
    feedback: FeedbackRules = field(default_factory=FeedbackRules)
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    """Which days are worked."""

    @cached_property
    def monitored(self) -> MonitorTables:
        """What the monitor is compiled from."""
        return self.tables()

    @property
    def cms(self) -> Channel | None:
        """The account on a CMS where that is the office's only website."""
        sites = {channel.kind: channel for channel in self.channels.values()}
        return None if ChannelKind.WEBSITE in sites else sites.get(ChannelKind.WORDPRESS)
