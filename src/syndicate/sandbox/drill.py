"""All drill platforms together: started, addressed and stopped as one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from types import TracebackType

from syndicate.sandbox.app import AppBackend
from syndicate.sandbox.clock import Clock
from syndicate.sandbox.control import Control
from syndicate.sandbox.effects import Journal
from syndicate.sandbox.exchange import Platform
from syndicate.sandbox.faults import FaultPlan
from syndicate.sandbox.led import LedPlayer
from syndicate.sandbox.server import PlatformServer
from syndicate.sandbox.settings import Settings
from syndicate.sandbox.wechat import WeChat
from syndicate.sandbox.weibo import Weibo
from syndicate.sandbox.wordpress import WordPress


@dataclass(frozen=True)
class SandboxAddresses:
    """Base addresses without a trailing slash."""

    weibo: str
    wechat: str
    app: str
    led: str
    wordpress: str


class Sandbox:
    """Five servers on 127.0.0.1 in threads of this process; a context manager, started at most once.

    `port_base` n takes the ports n … n+4 in the order weibo, wechat, app, led, wordpress; 0 takes free ones. Every effect is
    appended to `journal` as a JSON line before its reply leaves.
    """

    def __init__(
        self,
        faults: FaultPlan,
        clock: Clock,
        settings: Settings | None = None,
        journal: Path | None = None,
        port_base: int = 0,
    ) -> None:
        self.faults = faults
        self.clock = clock
        self._settings = settings or Settings()
        self._journal_path = journal
        self._port_base = port_base
        self._journal: Journal | None = None
        self._platforms: tuple[Platform, ...] = ()
        self._servers: list[PlatformServer] = []

    def start(self) -> SandboxAddresses:
        """Start all servers. Raises `UsageError` for a taken port, `StorageError` for an unwritable journal."""
        self._journal = Journal(self._journal_path) if self._journal_path is not None else None
        platforms: tuple[Platform, ...] = (
            Weibo(self._settings.weibo, self.clock, self._journal),
            WeChat(self._settings.wechat, self.clock, self._journal),
            AppBackend(self._settings.app, self.clock, self._journal),
            LedPlayer(self._settings.led, self.clock, self._journal),
            WordPress(self._settings.wordpress, self.clock, self._journal),
        )
        self._platforms = platforms
        try:
            for number, platform in enumerate(platforms):
                self._serve(platform, self._port_base + number if self._port_base else 0)
        except BaseException:
            self.stop()
            raise
        return SandboxAddresses(*(platform.address for platform in platforms))

    def _serve(self, platform: Platform, port: int) -> None:
        control = Control(platform, self.faults, self.clock, self.reset)
        server = PlatformServer(platform, self.faults, control, port)
        self._servers.append(server)
        server.start()

    def stop(self) -> None:
        """Stop all servers and close the journal. Calling it again does nothing."""
        stopping = [Thread(target=server.stop) for server in self._servers]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()
        self._servers.clear()
        if self._journal is not None:
            for platform in self._platforms:
                platform.state()  # what is due by now reaches the journal
            self._journal.close()
            self._journal = None
        self._platforms = ()

    def reset(self) -> None:
        """Empty accounts, the real time, faults counted from the beginning."""
        self.clock.reset()
        self.faults.restart()
        for platform in self._platforms:
            platform.reset()
        for server in self._servers:
            server.control.reset()

    def state(self, platform: str) -> dict[str, object]:
        """What `GET /_sandbox/state` of one platform answers, without the network. Raises `KeyError` when unknown."""
        return {one.name: one for one in self._platforms}[platform].state()

    def __enter__(self) -> SandboxAddresses:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
