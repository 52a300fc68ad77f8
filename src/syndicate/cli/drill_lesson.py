"""The lesson of a drill: every step is done with the functions of the real office, wrong turns included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from syndicate.cli.output import moment
from syndicate.engine.embedded import drain_until_settled
from syndicate.errors import Message, SyndicateError
from syndicate.flow import drill, items
from syndicate.flow.decide import Vote, decide
from syndicate.flow.matrix import withdrawal_matrix
from syndicate.flow.overview import item_page
from syndicate.flow.withdraw import confirm, withdraw
from syndicate.flow.workspace import Workspace
from syndicate.model.finding import Severity
from syndicate.model.review import Actor, Verdict, WithdrawalKind
from syndicate.records import deliveries, findings, people, reviews
from syndicate.records import items as item_records

if TYPE_CHECKING:
    from syndicate.cli.demo_servers import DemoServers
    from syndicate.cli.drill_questions import Questions

PATIENCE = timedelta(seconds=40)
_KINDS = {"1": WithdrawalKind.ERROR, "2": WithdrawalKind.SUPERSEDED, "3": WithdrawalKind.EXPIRED}


@dataclass
class Result:
    """What was practised: how many wrong turns each step took, and how every channel stood after each half."""

    item: int = 0
    title: str = ""
    steps: dict[str, int] = field(default_factory=dict)
    published: dict[str, str] = field(default_factory=dict)
    withdrawn: dict[str, str] = field(default_factory=dict)
    visible: dict[str, int] = field(default_factory=dict)
    """How many articles the public still sees on each drill platform at the end; all to be 0."""


class Lesson:
    """One drill of one person."""

    def __init__(self, workspace: Workspace, servers: DemoServers, questions: Questions) -> None:
        self._workspace, self._servers, self._questions = workspace, servers, questions
        self.result = Result()

    def hold(self) -> None:
        """Write, check, review, deliver, withdraw, confirm, look. Raises NotAllowed for an office with a real address."""
        drill.refuse_real_platforms(self._workspace.snapshot)
        for actor in drill.PEOPLE:
            people.add(actor.name, actor.role)
        self._questions.say("welcome")
        for name in ("write", "check", "review", "deliver", "withdraw", "confirm", "look"):
            self._questions.say(f"{name}_title")
            self._questions.say(f"{name}_text")
            self.result.steps[name] = 0
            step: Callable[[], None] = getattr(self, f"_{name}")
            step()

    def _wrong(self, name: str, error: SyndicateError) -> None:
        """A wrong turn: what the system says to it."""
        self.result.steps[name] += 1
        if self._questions.suggests:
            raise error  # the suggested answers are right ones: repeating them would never end
        self._questions.say("refused", what=error.message.zh, action=error.message.action_zh)

    def _write(self) -> None:
        title = drill.MARK + self._questions.ask("write_ask", "云川县图书馆延长开放时间").removeprefix(drill.MARK)
        content = items.original(self._workspace, title, drill.text("notice"))
        self.result.item = items.create(self._workspace, drill.WRITER, items.Placement("news"), content)
        self.result.title = title
        items.submit(self._workspace, drill.WRITER, self.result.item)

    def _check(self) -> None:
        revision = item_records.latest_revision(self.result.item)
        found = findings.of_revision(revision.id)
        rows: list[tuple[object, ...]] = [
            (Message(f"word.severity_{one.severity}").zh, one.text, one.message, one.suggestion) for one in found
        ]
        self._questions.table("核校问题", ("严重程度", "原文", "说明", "建议"), rows)
        while self._questions.ask("check_ask", "1", ("1", "2")) == "2":
            try:
                decide(self._workspace, drill.REVIEWER, self.result.item, Vote(Verdict.APPROVE, 1))
            except SyndicateError as error:
                self._wrong("check", error)
        reason = next((one.message for one in found if one.severity is Severity.BLOCK), "日期有误")
        decide(self._workspace, drill.REVIEWER, self.result.item, Vote(Verdict.RETURN, 1, reason))
        better = replace(revision.content, body=drill.text("corrected"))
        items.edit(self._workspace, drill.WRITER, item_records.get(self.result.item), better)
        items.submit(self._workspace, drill.WRITER, self.result.item)
        self._questions.say("check_done")

    def _review(self) -> None:
        """Two levels; whoever wrote it may not, and one person may not do both."""
        by_number = {"1": drill.WRITER, "2": drill.REVIEWER, "3": drill.PUBLISHER}
        for level, suggested in ((1, "2"), (2, "3")):
            while not self._approved(
                level, by_number[self._questions.ask(f"review_ask_{level}", suggested, tuple(by_number))]
            ):
                pass

    def _approved(self, level: int, actor: Actor) -> bool:
        try:
            decide(self._workspace, actor, self.result.item, Vote(Verdict.APPROVE, level))
        except SyndicateError as error:
            self._wrong("review", error)
            return False
        return True

    def _deliver(self) -> None:
        drain_until_settled(self._workspace, PATIENCE, lambda _: None)
        self.result.published = self._states("投递结果")

    def _withdraw(self) -> None:
        rows: list[tuple[object, ...]] = [
            (row.title, Message(f"word.means_{row.means}").zh, row.what.zh, moment(row.deadline))
            for row in withdrawal_matrix(self._workspace, item_page(self._workspace, self.result.item))
        ]
        self._questions.table("撤稿后各渠道会怎样", ("渠道", "由谁办", "结果", "人工限期"), rows)
        kind = _KINDS[self._questions.ask("withdraw_kind", "1", tuple(_KINDS))]
        reason = self._questions.ask("withdraw_reason", "演练：开放时间写错")
        if self._questions.ask("withdraw_who", "2", ("1", "2")) == "1":
            try:
                withdraw(self._workspace, drill.WRITER, self.result.item, kind, reason)
            except SyndicateError as error:
                self._wrong("withdraw", error)
        withdraw(self._workspace, drill.PUBLISHER, self.result.item, kind, reason)
        drain_until_settled(self._workspace, PATIENCE, lambda _: None)
        self.result.withdrawn = self._states("撤稿结果")

    def _confirm(self) -> None:
        (made,) = reviews.withdrawals(self.result.item)
        while True:
            actor = drill.PUBLISHER if self._questions.ask("confirm_ask", "2", ("1", "2")) == "1" else drill.SECOND
            try:
                return confirm(self._workspace, actor, made.id)
            except SyndicateError as error:
                self._wrong("confirm", error)

    def _look(self) -> None:
        self.result.visible = self._servers.visible()
        rows: list[tuple[object, ...]] = [(name, count) for name, count in self.result.visible.items()]
        self._questions.table("公众可见", ("演练平台", "篇数"), rows)

    def _states(self, title: str) -> dict[str, str]:
        newest = {row.channel: row for row in deliveries.of_item(self.result.item)}
        rows: list[tuple[object, ...]] = [
            (
                row.channel,
                Message(f"word.action_{row.action}").zh,
                Message(f"word.delivery_{row.state}").zh,
                row.attempts_made,
            )
            for row in newest.values()
        ]
        self._questions.table(title, ("渠道", "操作", "状态", "尝试次数"), rows)
        return {name: row.state.value for name, row in newest.items()}
