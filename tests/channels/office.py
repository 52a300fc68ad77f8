"""A small office for driver tests: hands in memory, and a ledger's loop around one driver."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import RLock
from typing import cast
from zoneinfo import ZoneInfo

from PIL import Image

from syndicate.channels.drivers import open_driver
from syndicate.errors import NotFound
from syndicate.model.channel import Channel, ChannelKind, FileReference, Ladder, Rendition, Token
from syndicate.model.delivery import (
    Absent,
    Accepted,
    Action,
    CannotTell,
    Driver,
    FindResult,
    Found,
    Job,
    Receipt,
    StepResult,
    TryLater,
    Unsure,
    WaitReason,
)
from syndicate.model.hands import Hands
from syndicate.model.office import Office, Snapshot
from syndicate.model.quota import Remembered
from syndicate.model.site import SiteLedger
from syndicate.sandbox.clock import Clock
from syndicate.sandbox.drill import Sandbox, SandboxAddresses
from syndicate.sandbox.faults import Fault, FaultPlan
from syndicate.sandbox.settings import LedSettings, Settings

BEIJING = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=BEIJING)
PAGE = "http://127.0.0.1/dongtai/202611/7.html"
LADDER = Ladder(
    retry=(timedelta(minutes=1),),
    give_up=timedelta(hours=72),
    read_back=(timedelta(minutes=2), timedelta(minutes=10)),
    poll=(timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5)),
    lease=timedelta(minutes=10),
    website_wait=timedelta(minutes=30),
    timeout=timedelta(seconds=2),
)
SECRETS = {
    "weibo-access-token": Settings().weibo.access_token,
    "wechat-app-id": Settings().wechat.appid,
    "wechat-app-secret": Settings().wechat.secret,
    "app-signing-key": Settings().app.webhook_secrets[0],
    "cms-password": Settings().wordpress.password,
}
PURPOSES = {
    ChannelKind.WEIBO: {"access_token": "weibo-access-token"},
    ChannelKind.WECHAT: {"app_id": "wechat-app-id", "app_secret": "wechat-app-secret"},
    ChannelKind.APP: {"signing_key": "app-signing-key"},
    ChannelKind.WORDPRESS: {"application_password": "cms-password"},
}
SETTINGS: Mapping[ChannelKind, Mapping[str, object]] = {
    ChannelKind.WEIBO: {"rip": "203.0.113.10"},
    ChannelKind.WECHAT: {"publishing_delay": timedelta(minutes=10)},
    ChannelKind.LED: {"folder": "var/led", "width": 320, "height": 160},
    ChannelKind.WORDPRESS: {"user": Settings().wordpress.user},
}


@dataclass
class MemorySecrets:
    values: dict[str, str] = field(default_factory=lambda: dict(SECRETS))

    def get(self, name: str) -> str:
        if name not in self.values:
            raise NotFound("channels.secret_unnamed", channel=name, id=name, purpose=name)
        return self.values[name]


@dataclass
class MemoryVault:
    tokens: dict[str, Token] = field(default_factory=dict)
    puts: int = 0
    _lock: RLock = field(default_factory=RLock)

    def get(self, channel: str) -> Token | None:
        return self.tokens.get(channel)

    def put(self, channel: str, token: Token) -> None:
        self.puts += 1
        self.tokens[channel] = token

    @contextmanager
    def lock(self, channel: str) -> Iterator[None]:
        with self._lock:
            yield


@dataclass
class MemoryFiles:
    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        self.files[sha256] = data
        return sha256

    def read(self, sha256: str) -> bytes:
        if sha256 not in self.files:
            raise NotFound("records.no_file", sha256=sha256)
        return self.files[sha256]


@dataclass
class MemoryCalls:
    """The account's calls; `spent` says which ones are refused until when."""

    taken: list[str] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)
    spent: dict[str, datetime] = field(default_factory=dict)

    def take(self, channel: Channel, call: str, now: datetime, *, looking: bool = False) -> datetime | None:
        until = None if looking else self.spent.get(call)
        if until is None or until <= now:
            (self.looks if looking else self.taken).append(call)
            return None
        return until


@dataclass
class MemoryNotes:
    kept: dict[tuple[str, str], Remembered] = field(default_factory=dict)

    def get(self, channel: str, key: str) -> Remembered | None:
        return self.kept.get((channel, key))

    def put(self, channel: str, key: str, value: str, now: datetime) -> None:
        if value:
            self.kept[channel, key] = Remembered(value, now)
        else:
            self.kept.pop((channel, key), None)

    def add(self, channel: str, key: str, value: str, now: datetime) -> bool:
        return self.kept.setdefault((channel, key), Remembered(value, now)) == Remembered(value, now)


def picture(kind: str = "PNG", colour: str = "red", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def snapshot() -> Snapshot:
    office = Office(
        name="样例县电子政务办公室",
        site_name="样例县人民政府",
        domain="www.example.com",
        site_url="https://www.example.com",
        site_code="",
        icp="",
        police_record="",
        contact="",
        telephone="",
        timezone=BEIJING,
        white_list=(),
        sample=True,
    )
    return Snapshot("", office, {}, {}, {}, (), {})


@dataclass
class Desk:
    """Hands, a sandbox when one runs, and the time. `log` holds every step and look that was made."""

    home: Path
    addresses: SandboxAddresses | None = None
    sandbox: Sandbox | None = None
    time: list[datetime] = field(default_factory=lambda: [NOON])
    secrets: MemorySecrets = field(default_factory=MemorySecrets)
    vault: MemoryVault = field(default_factory=MemoryVault)
    files: MemoryFiles = field(default_factory=MemoryFiles)
    calls: MemoryCalls = field(default_factory=MemoryCalls)
    notes: MemoryNotes = field(default_factory=MemoryNotes)
    log: list[tuple[str, StepResult | FindResult]] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return self.time[0]

    def wait(self, span: timedelta) -> None:
        self.time[0] += span

    @property
    def hands(self) -> Hands:
        site = cast(SiteLedger, None)
        return Hands(self.home, self.secrets, self.vault, self.files, site, snapshot(), self.calls, self.notes)

    def channel(self, kind: ChannelKind, base_url: str | None = None, **settings: object) -> Channel:
        address = getattr(self.addresses, kind.value, "") if base_url is None else base_url
        extra = {"public_url": address} if kind is ChannelKind.WEIBO and address else {}
        return Channel(
            id=kind.value,
            kind=kind,
            title=f"样例渠道 {kind.value}",
            ladder=LADDER,
            base_url=address,
            settings={**SETTINGS.get(kind, {}), **extra, **settings},
            secrets=PURPOSES.get(kind, {}),
        )

    def job(self, channel: Channel, rendition: Rendition | None = None, **changes: object) -> Job:
        job = Job(
            delivery=1,
            key=f"7-{channel.id}-publish",
            item=7,
            revision=1,
            action=Action.PUBLISH,
            channel=channel,
            rendition=rendition or renditions(channel.id),
            held=(),
            notes={},
            attempt=1,
            now=self.now,
        )
        return replace(job, **changes)  # type: ignore[arg-type]

    def strike(self, *faults: Fault) -> None:
        assert self.sandbox
        self.sandbox.faults.replace(faults)

    def visible(self, platform: str) -> list[dict[str, object]]:
        assert self.sandbox
        return cast("list[dict[str, object]]", self.sandbox.state(platform)["visible"])

    def deliver(self, job: Job, rounds: int = 40) -> StepResult | FindResult:
        """What the ledger does: step after step, a look after every doubt, until the outcome is final."""
        driver = open_driver(job.channel, self.hands)
        result: StepResult | FindResult
        for _ in range(rounds):
            job = replace(job, now=self.now)
            step = driver.next_step(job)
            result = driver.perform(step, job)
            self.log.append((step.name, result))
            job = replace(job, notes=result.notes)
            if isinstance(result.outcome, Unsure):
                looked = self._look(driver, job)
                if not isinstance(looked.answer, Absent) and looked.answer != Found(None):
                    return looked
                job = replace(job, notes=looked.notes)
            elif isinstance(result.outcome, Accepted):
                self.time[0] = max(self.now, result.outcome.ask_again_at)
            elif isinstance(result.outcome, TryLater) and result.outcome.wait is not WaitReason.HELD:
                self.time[0] = max(self.now + timedelta(minutes=1), result.outcome.not_before or self.now)
            else:
                return result
        raise AssertionError(self.log)

    def _look(self, driver: Driver, job: Job) -> FindResult:
        step = driver.next_step(job)
        for wait in (2, 10, 10, 30):
            self.wait(timedelta(minutes=wait))
            looked = driver.find(step, replace(job, now=self.now))
            self.log.append((f"find {step.name}", looked))
            job = replace(job, notes=looked.notes)
            if not (isinstance(looked.answer, CannotTell) and looked.answer.ask_again):
                break
        return looked

    @property
    def steps(self) -> list[str]:
        return [name for name, _ in self.log]


def renditions(kind: str, *files: FileReference, body: str = "") -> Rendition:
    fields: Mapping[str, Mapping[str, str]] = {
        "weibo": {"text": f"【样例】城区三条道路今日恢复通行 {PAGE}", "link": PAGE},
        "wechat": {
            "title": "样例：城区三条道路恢复通行",
            "author": "样例作者",
            "digest": "城区三条道路今日恢复通行。",
            "content_source_url": PAGE,
        },
        "app": {"title": "样例：城区三条道路恢复通行", "summary": "", "page_url": PAGE, "column": "dongtai"},
        "wordpress": {"title": "样例：城区三条道路恢复通行", "slug": "syndicate-7-202611", "column": "dongtai"},
        "led": {"title": "样例", "text": "城区三条道路今日恢复通行", "seconds": "12", "expires_at": ""},
        "manual": {"title": "样例", "text": "请粘贴这段文字", "link": PAGE},
    }
    return Rendition(kind, fields[kind], body or "<p>城区三条道路今日恢复通行。</p>", files)


def image(sha256: str, role: str = "image", media_type: str = "image/png") -> FileReference:
    return FileReference(sha256, "图.png", media_type, role)


@contextmanager
def open_desk(home: Path) -> Iterator[Desk]:
    """A desk beside a running sandbox that shares its time."""
    desk = Desk(home)
    (home / "var" / "led").mkdir(parents=True)
    settings = replace(Settings(), led=LedSettings(home / "var" / "led"))
    sandbox = Sandbox(FaultPlan(), Clock(lambda: desk.now), settings)
    with sandbox as addresses:
        desk.addresses, desk.sandbox = addresses, sandbox
        yield desk


def receipt_of(result: StepResult | FindResult) -> Receipt:
    """The receipt of a final result."""
    if isinstance(result, StepResult):
        return cast(Receipt, getattr(result.outcome, "receipt", None))
    assert isinstance(result.answer, Found)
    assert result.answer.receipt
    return result.answer.receipt
