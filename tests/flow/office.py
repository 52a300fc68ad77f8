"""A small office for the ledger's tests: five channels that lead to a running sandbox, short ladders, two rules.

The clock of office and sandbox is one list that the test moves; nothing waits for real time.
"""

from __future__ import annotations

import atexit
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from syndicate.config.office_files import write_office
from syndicate.flow import items as item_flow
from syndicate.flow.decide import Decided, Vote, decide
from syndicate.flow.deliver import deliver
from syndicate.flow.items import Placement
from syndicate.flow.workspace import Workspace, open_workspace
from syndicate.model.delivery import Action, DeliveryState
from syndicate.model.item import Content, ItemKind
from syndicate.model.review import Actor, Role, Verdict
from syndicate.records import deliveries, items
from syndicate.records.values import DeliveryRecord, ItemRecord
from syndicate.sandbox.clock import Clock
from syndicate.sandbox.drill import Sandbox, SandboxAddresses
from syndicate.sandbox.faults import Fault, FaultPlan
from syndicate.sandbox.settings import LedSettings, Settings

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
OFFICE = Path(__file__).parent / "office"

EDITOR = Actor("样例编辑", Role.EDITOR, "desk")
REVIEWER = Actor("样例初审", Role.REVIEWER, "desk")
PUBLISHER = Actor("样例终审", Role.PUBLISHER, "desk")
SECOND = Actor("样例值班", Role.PUBLISHER, "desk")

CONTENT = Content(
    title="城区三条道路恢复通行",
    body="<p>城区三条道路今日恢复通行，请市民按标志行驶。</p>",
    kind=ItemKind.ORIGINAL,
    source_name="样例县政府办",
)
SECRETS = {
    "weibo-access-token": Settings().weibo.access_token,
    "wechat-app-id": Settings().wechat.appid,
    "wechat-app-secret": Settings().wechat.secret,
    "app-signing-key": Settings().app.webhook_secrets[0],
}


@cache
def _defaults() -> Path:
    """A new office as `init` writes it, made once: every file is synced to the disk, which takes its time."""
    folder = tempfile.TemporaryDirectory(prefix="syndicate-office-")
    atexit.register(folder.cleanup)
    write_office(Path(folder.name) / "office")
    return Path(folder.name) / "office"


def write_files(home: Path, addresses: SandboxAddresses) -> None:
    """The office's folder: packaged defaults, with the files of `tests/flow/office` in their place."""
    shutil.copytree(_defaults(), home, dirs_exist_ok=True)
    for folder in ("channels", "content/rules", "content/lexicon", "content/sources", "content/samples"):
        for path in (home / folder).glob("*") if (home / folder).is_dir() else ():
            if path.is_file():
                path.unlink()
    for path in sorted(OFFICE.rglob("*.yaml")):
        target = home / path.relative_to(OFFICE)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text("utf-8")
        for name in ("weibo", "wechat", "app"):
            text = text.replace(f"@{name}@", getattr(addresses, name))
        target.write_text(text, "utf-8")
    for name, value in SECRETS.items():
        path = home / "var" / "secrets" / name
        path.write_text(value, "utf-8")
        path.chmod(0o600)
    (home / "var" / "led").mkdir(exist_ok=True)


@dataclass
class Desk:
    """An open office beside its sandbox, and the moves that most tests make."""

    home: Path
    sandbox: Sandbox
    addresses: SandboxAddresses
    time: list[datetime]
    _workspace: Workspace | None = field(default=None, init=False)

    @property
    def workspace(self) -> Workspace:
        """The open office; its files are read when it is needed for the first time."""
        if self._workspace is None:
            self._workspace = open_workspace(self.home, lambda: self.time[0])
        return self._workspace

    @workspace.setter
    def workspace(self, opened: Workspace) -> None:
        self._workspace = opened

    @property
    def now(self) -> datetime:
        return self.time[0]

    def wait(self, span: timedelta) -> None:
        self.time[0] += span

    def reload(self) -> None:
        """The office reads its changed files."""
        self.close()

    def close(self) -> None:
        if self._workspace is not None:
            self._workspace.close()
            self._workspace = None

    def without(self, *channels: str) -> None:
        """The office no longer has these channels."""
        for channel in channels:
            (self.home / "channels" / f"{channel}.yaml").unlink()
        self.reload()

    def add_rule(self, rule: str, pattern: str) -> None:
        """A new rule blocks everything that contains `pattern`."""
        text = (
            "rules:\n"
            f"  - id: {rule}\n    kind: regex\n    severity: block\n"
            '    message: {zh: "不得使用“{text}”。", en: "Not to be used: {text}"}\n'
            f"    basis: 样例规定\n    pattern: {pattern}\n    good: [无问题]\n    bad: [{pattern}]\n"
        )
        name = rule.replace(".", "_")
        (self.home / "content" / "rules" / f"{name}.yaml").write_text(text, "utf-8")
        self.reload()

    def strike(self, *faults: Fault) -> None:
        self.sandbox.faults.replace(faults)

    def visible(self, platform: str) -> list[dict[str, object]]:
        """What the public sees on a platform now."""
        return cast("list[dict[str, object]]", self.sandbox.state(platform)["visible"])

    def counts(self, platform: str) -> dict[str, int]:
        """How often each kind of effect happened."""
        return cast("dict[str, int]", self.sandbox.state(platform)["counts"])

    def page(self, item: int) -> str:
        """The article as it stands in the website's folder; empty when there is none."""
        found = list((self.home / "var" / "site").rglob(f"{item}.html"))
        return found[0].read_text("utf-8") if found else ""

    def draft(self, *channels: str, content: Content = CONTENT, **placement: object) -> int:
        place = Placement("news", channels, **placement)  # type: ignore[arg-type]
        return item_flow.create(self.workspace, EDITOR, place, content)

    def submitted(self, *channels: str, content: Content = CONTENT, **placement: object) -> int:
        item = self.draft(*channels, content=content, **placement)
        item_flow.submit(self.workspace, EDITOR, item)
        return item

    def approve(self, item: int, actor: Actor = PUBLISHER, **vote: object) -> Decided:
        level = items.get(item).level
        return decide(self.workspace, actor, item, Vote(Verdict.APPROVE, level, **vote))  # type: ignore[arg-type]

    def approved(
        self, *channels: str, content: Content = CONTENT, undo: timedelta = timedelta(0), **more: object
    ) -> int:
        item = self.submitted(*channels, content=content, **more)
        self.approve(item, undo=undo)
        return item

    def corrected(self, item: int, title: str, undo: timedelta = timedelta(0)) -> None:
        """A correction through the whole review."""
        content = replace(items.latest_revision(item).content, title=title)
        item_flow.amend(self.workspace, EDITOR, item, "改正标题", content)
        item_flow.submit(self.workspace, EDITOR, item)
        self.approve(item, undo=undo)

    def step(self, delivery: int, worker: str = "worker") -> bool:
        return deliver(self.workspace, delivery, worker)

    def run(self) -> None:
        """What a worker does until nothing is due now."""
        for _ in range(200):
            due = deliveries.due(self.now, 1, (), self.workspace.careful_channels())
            if not due:
                return
            self.step(due[0][0])
        raise AssertionError([(d.channel, d.state, d.outcome) for d in deliveries.listed([], limit=20)])

    def settle(self, patience: timedelta = timedelta(hours=2)) -> None:
        """Runs and moves the clock to whatever is due next, until nothing is or patience is over."""
        end = self.now + patience
        self.run()
        while (due := deliveries.next_due(self.now)) and due <= end:
            self.time[0] = due + timedelta(microseconds=1)
            self.run()

    def item(self, item: int) -> ItemRecord:
        return items.get(item)

    def delivery(self, item: int, channel: str, action: Action | None = None) -> DeliveryRecord:
        """The newest delivery of an item to a channel."""
        rows = [d for d in deliveries.of_item(item) if d.channel == channel and action in (None, d.action)]
        return rows[-1]

    def states(self, item: int) -> dict[str, DeliveryState]:
        """The state of the newest delivery to each channel."""
        return {row.channel: row.state for row in deliveries.of_item(item)}


@contextmanager
def open_desk(home: Path, skew: timedelta = timedelta(0)) -> Iterator[Desk]:
    """An office with its sandbox, whose clock is ahead by `skew`; both are closed afterwards."""
    time = [NOON]
    settings = replace(Settings(), led=LedSettings(home / "var" / "led"))
    sandbox = Sandbox(FaultPlan(), Clock(lambda: time[0] + skew), settings)
    with sandbox as addresses:
        write_files(home, addresses)
        desk = Desk(home, sandbox, addresses, time)
        try:
            yield desk
        finally:
            desk.close()


logging.getLogger("syndicate").addHandler(logging.NullHandler())
