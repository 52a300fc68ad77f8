"""The demo's story: what an office does in a day, through the same functions as desk, cron and command line."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from syndicate.channels.drawing import find_font
from syndicate.engine.embedded import drain_until_settled
from syndicate.errors import Message
from syndicate.flow.decide import Vote, decide
from syndicate.flow.patrol import patrol
from syndicate.flow.report import write_report
from syndicate.flow.sync import sync
from syndicate.flow.withdraw import withdraw
from syndicate.flow.workspace import Workspace, open_workspace
from syndicate.model.delivery import DeliveryState
from syndicate.model.finding import Severity
from syndicate.model.item import ItemState
from syndicate.model.review import Actor, Role, Verdict, WithdrawalKind
from syndicate.net.fetcher import Fetcher
from syndicate.records import audit, deliveries, findings, items, people, receipts
from syndicate.records.values import DeliveryRecord, ReceiptRecord

if TYPE_CHECKING:
    from syndicate.cli.demo_servers import DemoServers

PEOPLE = (
    Actor("演示编辑", Role.EDITOR, "cli"),
    Actor("演示初审", Role.REVIEWER, "cli"),
    Actor("演示复审", Role.REVIEWER, "cli"),
    Actor("演示签发", Role.PUBLISHER, "cli"),
    Actor("演示管理", Role.ADMIN, "cli"),
)
_, FIRST, SECOND, LAST, _ = PEOPLE
PASSWORD = "yanshi-2026-demo"  # noqa: S105 a practice office on loopback, shown to whoever runs the demo
PATIENCE = timedelta(seconds=40)


@dataclass
class Story:
    """What happened."""

    titles: dict[int, str] = field(default_factory=dict)
    states: dict[int, ItemState] = field(default_factory=dict)
    deliveries: tuple[DeliveryRecord, ...] = ()
    receipts: tuple[ReceiptRecord, ...] = ()
    tasks: list[tuple[str, str]] = field(default_factory=list)
    attempts: int = 0
    faults: dict[str, dict[str, int]] = field(default_factory=dict)
    """How often each planned fault struck, by platform."""
    audit_events: int = 0
    audit_whole: bool = False
    report: Path = Path()
    left_out: str = ""
    seconds: float = 0.0

    def as_json(self) -> dict[str, object]:
        """The story as one document."""
        return dict(vars(self))


def tell_story(home: Path, clock: Callable[[], datetime], servers: DemoServers, say: Callable[[str], None]) -> Story:
    """Sync, check, decide, deliver, withdraw, patrol, report."""
    started = time.monotonic()
    workspace = open_workspace(home, clock)
    fetcher = Fetcher(clock=workspace.now, gap=timedelta(0))
    story = Story()
    try:
        _hire()
        _collect(workspace, fetcher, say)
        published = _decide_all(workspace, story, say)
        _deliver(workspace, say)
        _withdraw_one(workspace, published[-1], say)
        _look_and_report(workspace, fetcher, story, say)
        _gather(story)
        story.faults = servers.faults_met()
    finally:
        workspace.close()
    if find_font() is None:
        story.left_out = "没有中文字体，LED 图片未绘制：apt-get install fonts-noto-cjk"
    story.seconds = time.monotonic() - started
    return story


def _hire() -> None:
    for actor in PEOPLE:
        people.add(actor.name, actor.role)
        people.set_password(actor.name, PASSWORD)


def _collect(workspace: Workspace, fetcher: Fetcher, say: Callable[[str], None]) -> None:
    for result in sync(workspace, fetcher):
        word = Message(f"word.result_{result.result}").zh
        why = f"（{result.why.zh}）" if result.why else ""
        say(f"采集 {result.source}：{word}，新 {result.new}，失败 {result.failed}{why}")


def _decide_all(workspace: Workspace, story: Story, say: Callable[[str], None]) -> list[int]:
    """Clean items are approved level by level by different people, one is returned, blocked ones stay in the queue."""
    published, returned = [], False
    for item in items.listed((ItemState.SUBMITTED,), 100):
        title = items.latest_revision(item.id).content.title
        story.titles[item.id] = title
        found = findings.of_revision(items.latest_revision(item.id).id)
        blocking = [one for one in found if one.severity is Severity.BLOCK]
        if blocking:
            say(f"稿件 {item.id}《{title}》有 {len(blocking)} 个必须处理的问题，留在队列：{blocking[0].message}")
            story.tasks.append(
                (f"稿件 {item.id}《{title[:20]}》：{blocking[0].message}", "联系来源单位更正，或退回、不采用")
            )
        elif not returned and any(one.severity is Severity.CONFIRM and one.part == "body" for one in found):
            reason = next(one.message for one in found if one.severity is Severity.CONFIRM and one.part == "body")
            decide(workspace, FIRST, item.id, Vote(Verdict.RETURN, 1, reason=f"请与来源单位核实：{reason}"))
            say(f"稿件 {item.id}《{title}》退回，理由：{reason}")
            returned = True
        else:
            _approve(workspace, item.id, item.levels)
            published.append(item.id)
            say(f"稿件 {item.id}《{title}》{item.levels} 级审核通过")
    return published


def _approve(workspace: Workspace, item: int, levels: int) -> None:
    reviewers = [FIRST, SECOND][: levels - 1]
    for level, actor in enumerate([*reviewers, LAST], start=1):
        decide(workspace, actor, item, Vote(Verdict.APPROVE, level))


def _deliver(workspace: Workspace, say: Callable[[str], None]) -> None:
    say("投递到五个渠道（演练平台会出错、超时、令牌过期）……")
    steps = drain_until_settled(workspace, PATIENCE, lambda _: None)
    say(f"投递完成，共 {steps} 步")


def _withdraw_one(workspace: Workspace, item: int, say: Callable[[str], None]) -> None:
    withdraw(workspace, LAST, item, WithdrawalKind.ERROR, "演示：附件放错")
    drain_until_settled(workspace, PATIENCE, lambda _: None)
    say(f"稿件 {item} 已从所有渠道撤回")


def _look_and_report(workspace: Workspace, fetcher: Fetcher, story: Story, say: Callable[[str], None]) -> None:
    result = patrol(workspace, fetcher)
    say(f"巡检 {len(result.probes)} 处，问题 {len(result.problems)} 个")
    written = write_report(workspace, Actor("demo", Role.SYSTEM, "cli"), workspace.now().date())
    story.report = written.path
    say(f"日报：{written.report.headline}")


def _gather(story: Story) -> None:
    story.states = {item: items.get(item).state for item in story.titles}
    story.deliveries = tuple(row for item in story.titles for row in deliveries.of_item(item))
    story.receipts = receipts.of_items(list(story.titles))
    tries = deliveries.attempts_of([row.id for row in story.deliveries])
    story.attempts = sum(len(rows) for rows in tries.values())
    proof = audit.verify()
    story.audit_events, story.audit_whole = proof.events, proof.broken is None
    for row in story.deliveries:
        if row.state in (DeliveryState.NEEDS_PERSON, DeliveryState.REFUSED) and row.message:
            story.tasks.append(
                (f"投递 {row.id}（稿件 {row.item} → {row.channel}）：{row.message.zh}", row.message.action_zh)
            )
