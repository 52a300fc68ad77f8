"""The office and its configuration snapshot: everything that the YAML and TSV folders say, validated as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from syndicate.model.channel import Channel, ChannelKind
from syndicate.model.inspection import Indicator
from syndicate.model.reference import References
from syndicate.model.rule import LexiconEntry, RuleSpec
from syndicate.model.site import Column
from syndicate.model.source import Preset, Source


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


@dataclass(frozen=True)
class Snapshot:
    """One load of the whole configuration; `hash` is over every file's bytes and names it in findings and decisions."""

    hash: str
    office: Office
    columns: Mapping[str, Column]
    sources: Mapping[str, Source]
    channels: Mapping[str, Channel]
    rules: tuple[RuleSpec, ...]
    lexicon: tuple[LexiconEntry, ...]
    indicators: tuple[Indicator, ...]
    templates: Mapping[str, str]
    """Path below `content/templates/` → text."""
    references: References = field(default_factory=References)
    """Divisions, people, laws and like characters that the monitor looks up."""
    presets: Mapping[str, Preset] = field(default_factory=dict)
    """Families of publishing systems that source files may name."""

    @property
    def cms(self) -> Channel | None:
        """The account on a CMS where that is the office's only website."""
        sites = {channel.kind: channel for channel in self.channels.values()}
        return None if ChannelKind.WEBSITE in sites else sites.get(ChannelKind.WORDPRESS)
