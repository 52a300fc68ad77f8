"""Everything the demo talks to: drill platforms, the sample sources and the office's own site, all on loopback."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from syndicate.cli.opening import clock
from syndicate.config.defaults import defaults
from syndicate.flow.practice import SAMPLE_ADDRESS, PracticeAddresses, write_practice_office
from syndicate.sandbox.clock import Clock
from syndicate.sandbox.drill import Sandbox
from syndicate.sandbox.faults import FaultPlan
from syndicate.sandbox.folder_server import FolderServer
from syndicate.sandbox.plan_file import parse_plan
from syndicate.sandbox.settings import LedSettings, Settings

FAULTS = "content/samples/faults.yaml"
SAMPLES = "content/samples/site"
PLATFORMS = ("weibo", "wechat", "app", "led")


class DemoServers:
    """Started on entering, stopped on leaving."""

    def __init__(self, office: Path) -> None:
        self._office = office
        self._drill = Settings(led=LedSettings(office / "var" / "led"))
        self._faults = FaultPlan(parse_plan((defaults() / FAULTS).read_bytes(), FAULTS))
        self._sandbox = Sandbox(self._faults, Clock(clock), self._drill)
        self._sources = FolderServer(defaults() / SAMPLES)
        self._site = FolderServer(office / "var" / "site")

    def __enter__(self) -> DemoServers:
        drill = self._sandbox.start()
        sources = self._sources.start()
        self._sources.replace[SAMPLE_ADDRESS.encode()] = sources.removeprefix("http://").encode()
        self.addresses = PracticeAddresses(drill.weibo, drill.wechat, drill.app, drill.led, sources, self._site.start())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in (self._sandbox, self._sources, self._site):
            server.stop()

    def write_office(self) -> None:
        """The practice office that knows these servers."""
        write_practice_office(self._office, self.addresses, self._drill)

    def visible(self) -> dict[str, int]:
        """How many contributions the public sees on each platform now."""
        return {name: len(_listed(self._sandbox.state(name)["visible"])) for name in PLATFORMS}

    def faults_met(self) -> dict[str, dict[str, int]]:
        """How often each planned fault struck, by platform."""
        return {platform: dict(self._faults.hits(platform)) for platform in PLATFORMS}


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
