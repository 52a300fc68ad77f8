"""Workspace 工作区: an office that is open in this process, with everything that use cases need at hand."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from syndicate.channels.drivers import open_driver
from syndicate.config.load import load
from syndicate.config.secrets import OfficeSecrets, key_check, office_key
from syndicate.errors import NotFound, UsageError
from syndicate.model.channel import Channel, ChannelKind
from syndicate.model.delivery import Driver
from syndicate.model.hands import Hands
from syndicate.model.hashing import digest
from syndicate.model.office import Snapshot
from syndicate.records import office as office_records
from syndicate.records import seat
from syndicate.records.connection import check_schema_fits, database_refusals, open_records, schema_ready
from syndicate.records.files import FileStore
from syndicate.records.quotas import CallCounts, ChannelNotes
from syndicate.records.site_ledger import SiteEntries
from syndicate.records.tokens import TokenStore

if TYPE_CHECKING:
    from syndicate.monitor.monitor import Monitor

Clock = Callable[[], datetime]


class Workspace:
    """An open office: its configuration, monitor, files, secrets and clock. May be used from several threads."""

    def __init__(self, home: Path, snapshot: Snapshot, clock: Clock) -> None:
        self.home = home
        self.snapshot = snapshot
        self.files = FileStore(home)
        self.tokens = TokenStore(home, office_key(home))
        self._clock = clock
        self.hands = Hands(
            home=home,
            secrets=OfficeSecrets(home),
            tokens=self.tokens,
            files=self.files,
            site=SiteEntries(),
            snapshot=snapshot,
            calls=CallCounts(),
            memory=ChannelNotes(),
        )
        self._drivers: dict[str, Driver] = {}
        self._guard = threading.Lock()

    @cached_property
    def monitor(self) -> Monitor:
        """What checks texts; compiled when the first is checked, which a worker that only delivers never does."""
        from syndicate.monitor.compile import compile_monitor

        return compile_monitor(*self.snapshot.monitored)

    def now(self) -> datetime:
        """The present moment in the office's time zone."""
        return self._clock().astimezone(self.snapshot.office.timezone)

    def rules_hash(self) -> str:
        """What decides on findings: rules, lexicon, tables, and whose texts may be reprinted."""
        return digest([self.monitor.hash, sorted(self.white_list())])

    def ruling(self) -> office_records.Ruling:
        """What this configuration checks texts with, to be kept with its number."""
        return office_records.Ruling(self.rules_hash(), self.rule_marks())

    def rule_marks(self) -> dict[str, dict[str, str]]:
        """What the rules, and the list of units that may be reprinted, consist of."""
        from syndicate.monitor.affected import marks

        found = marks(self.monitor)
        found["tables"]["white_list"] = digest(sorted(self.white_list()))
        return found

    def white_list(self) -> frozenset[str]:
        """稿源白名单: the units whose texts may be reprinted, the office's and those that its sources name."""
        sources = self.snapshot.sources.values()
        named = (name for one in sources for name in (one.organ, *one.white_list))
        return frozenset({*self.snapshot.office.white_list, *named})

    def channel(self, channel: str) -> Channel:
        """One account by its id. Raises NotFound when the configuration no longer has it."""
        try:
            return self.snapshot.channels[channel]
        except KeyError:
            raise NotFound("ledger.no_channel", channel=channel) from None

    def website(self) -> Channel | None:
        """The website channel that other channels link to, if the office has one."""
        kinds = (channel for channel in self.snapshot.channels.values() if channel.kind is ChannelKind.WEBSITE)
        return next(kinds, None)

    def is_linked(self, channel: Channel) -> bool:
        """Whether other channels' links lead to it: the website, or the CMS where that is the office's only site."""
        return channel.kind is ChannelKind.WEBSITE or channel == self.snapshot.cms

    def driver(self, channel: str) -> Driver:
        """The driver of a channel, opened once."""
        with self._guard:
            if channel not in self._drivers:
                self._drivers[channel] = open_driver(self.channel(channel), self.hands)
            return self._drivers[channel]

    def careful_channels(self) -> tuple[str, ...]:
        """Channels that send nothing while the outcome of something else on them is unknown."""
        return tuple(channel for channel in self.snapshot.channels if self.driver(channel).careful)

    def close(self) -> None:
        """Give the drivers' connections back."""
        with self._guard:
            for driver in self._drivers.values():
                driver.close()
            self._drivers.clear()


def open_workspace(home: Path, clock: Clock, *, sends: bool = False) -> Workspace:
    """Open the office at `home`. Raises ConfigurationError with every mistake, UsageError before `init`, or StorageError.

    With `sends`, a secret that a channel names and nobody gave is a mistake too: a worker never starts half-configured;
    and NotAllowed is raised in a copy of an office that nobody has taken over. NotAllowed too for another office key.
    """
    snapshot = load(home, OfficeSecrets(home) if sends else None)
    open_records(home)
    if not schema_ready():
        raise UsageError("records.not_an_office", home=home)
    check_schema_fits()
    workspace = Workspace(home, snapshot, clock)
    key = key_check(office_key(home))
    if sends:
        seat.sit(home, workspace.now(), key)
    with database_refusals():
        seat.check_key(key)
        office_records.remember_snapshot(snapshot.hash, workspace.now(), workspace.ruling)
    return workspace
