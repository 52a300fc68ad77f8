"""The ledger under everything at once: random outcomes, dead workers, two workers, withdrawals and corrections at any time.

The remote side keeps its own book: a call that cannot be repeated and had its effect must never be made again.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from syndicate.config.load import load
from syndicate.errors import Message, NotAllowed
from syndicate.flow import items as item_flow
from syndicate.flow import resolve, silence, withdraw
from syndicate.flow.calls import Answered, Call, make
from syndicate.flow.claiming import claim
from syndicate.flow.decide import Vote, decide
from syndicate.flow.deliver import settle
from syndicate.flow.workspace import Workspace
from syndicate.model.delivery import (
    Absent,
    Accepted,
    Action,
    CannotTell,
    Delivered,
    DeliveryState,
    Driver,
    FindResult,
    Found,
    Job,
    NeedsPerson,
    Proof,
    Receipt,
    Refused,
    Step,
    StepResult,
    TryLater,
    Unsure,
)
from syndicate.model.item import ItemState
from syndicate.model.office import Snapshot
from syndicate.model.review import Verdict, WithdrawalKind
from syndicate.records import deliveries, items
from syndicate.records.connection import close_connections, open_records, prepare_schema, use_database
from syndicate.sandbox.drill import SandboxAddresses
from tests.flow.office import CONTENT, EDITOR, NOON, PUBLISHER, write_files
from tests.postgres import Cluster

WHY = Message("ledger.expired")
MINUTE = timedelta(minutes=1)
NOWHERE = "http://127.0.0.1:9"
OUTCOMES = ("delivered", "reply lost", "call lost", "later", "refused", "person", "raises")


@dataclass
class Remote:
    """A platform: `effects` ever had by (revision, action, step), and what stands there now by item."""

    effects: set[tuple[int, Action, str]] = field(default_factory=set)
    standing: dict[int, set[int]] = field(default_factory=dict)
    next_outcome: str = "delivered"
    answers: bool = True

    def happen(self, job: Job, step: str) -> None:
        key = (job.revision, job.action, step)
        assert key not in self.effects, f"sent twice: {key}"
        self.effects.add(key)
        if step == "finish":
            now = self.standing.setdefault(job.item, set())
            now.clear()
            if job.action is not Action.RETRACT:
                now.add(job.revision)


class Platform:
    """The driver of a platform with two steps, neither of which may be repeated."""

    actions = frozenset(Action)
    careful = False

    def __init__(self) -> None:
        self.remote = Remote()

    def next_step(self, job: Job) -> Step:
        return Step("finish" if job.notes else "draft", repeatable=False)

    def perform(self, step: Step, job: Job) -> StepResult:
        outcome = self.remote.next_outcome
        if outcome == "raises":
            raise RuntimeError("a mistake of a driver")
        if outcome in ("delivered", "reply lost"):
            self.remote.happen(job, step.name)
        notes = {"draft": "1"} if outcome == "delivered" else job.notes
        match outcome:
            case "delivered":
                done = Delivered(_receipt(job)) if step.name == "finish" else Accepted(job.now)
                return StepResult(done, notes)
            case "later":
                return StepResult(TryLater(WHY), notes)
            case "refused":
                return StepResult(Refused(WHY), notes)
            case "person":
                return StepResult(NeedsPerson(WHY), notes)
            case _:
                return StepResult(Unsure(WHY), notes)

    def find(self, step: Step, job: Job) -> FindResult:
        if not self.remote.answers:
            return FindResult(CannotTell(WHY), job.notes)
        if (job.revision, job.action, step.name) not in self.remote.effects:
            return FindResult(Absent(), job.notes)
        return FindResult(Found(_receipt(job) if step.name == "finish" else None), {"draft": "1"})

    def read_back(self, receipt: Receipt, job: Job) -> Proof | None:
        return None

    def close(self) -> None:
        pass


def _receipt(job: Job) -> Receipt:
    return Receipt(str(job.revision), f"http://127.0.0.1/{job.revision}", job.now)


class Office(Workspace):
    """An office whose only channel leads to the platform of the test."""

    def __init__(self, home: Path, snapshot: Snapshot, time: list[datetime]) -> None:
        super().__init__(home, snapshot, lambda: time[0])
        self.platform = Platform()

    def driver(self, channel: str) -> Driver:
        return self.platform


@cache
def _template() -> tuple[Path, Snapshot]:
    """An office with an empty database, made once."""
    home = Path(tempfile.mkdtemp(prefix="syndicate-machine-")) / "office"
    write_files(home, SandboxAddresses(**{one.name: NOWHERE for one in fields(SandboxAddresses)}))
    for channel in (home / "channels").glob("*.yaml"):
        if channel.stem != "hall":
            channel.unlink()
    use_database("")
    open_records(home)
    prepare_schema()
    close_connections()
    return home, load(home)


class Ledger(RuleBasedStateMachine):
    """Two workers, one item, one channel. What a worker has claimed it may call, settle, or forget by dying."""

    def open_database(self) -> None:
        """The office's database, a file in its folder."""
        use_database("")

    @initialize()
    def begin(self) -> None:
        template, snapshot = _template()
        self.folder = Path(tempfile.mkdtemp(prefix="syndicate-machine-"))
        self.home = self.folder / "office"
        shutil.copytree(template, self.home)
        self.open_database()
        open_records(self.home)
        self.time = [NOON]
        self.office = Office(self.home, snapshot, self.time)
        self.remote = self.office.platform.remote
        self.claimed: list[Call] = []
        self.answered: list[Answered] = []
        self.item = item_flow.create(self.office, EDITOR, item_flow.Placement("news", ("hall",)), CONTENT)
        self._approve()

    def _approve(self) -> None:
        item_flow.submit(self.office, EDITOR, self.item)
        decide(self.office, PUBLISHER, self.item, Vote(Verdict.APPROVE, items.get(self.item).level))

    def _due(self) -> list[int]:
        return [number for number, _ in deliveries.due(self.time[0], 10)]

    @rule(worker=st.sampled_from(["w1", "w2"]))
    def take(self, worker: str) -> None:
        self.claimed += claim(self.office, self._due(), worker).calls

    @precondition(lambda self: self.claimed)
    @rule(outcome=st.sampled_from(OUTCOMES), answers=st.booleans())
    def call(self, outcome: str, answers: bool) -> None:
        self.remote.next_outcome, self.remote.answers = outcome, answers
        call = self.claimed.pop(0)
        if deliveries.get(call.delivery.id).version == call.delivery.version:
            self.answered.append(make(call))  # a worker that lost its lease before its call is a dead one

    @precondition(lambda self: self.answered)
    @rule(together=st.booleans())
    def write_down(self, together: bool) -> None:
        count = len(self.answered) if together else 1
        settle(self.office, self.answered[:count])
        del self.answered[:count]

    @precondition(lambda self: self.claimed or self.answered)
    @rule(before_the_call=st.booleans())
    def die(self, before_the_call: bool) -> None:
        dying = self.claimed if (before_the_call and self.claimed) or not self.answered else self.answered
        dying.pop(0)

    @rule(span=st.sampled_from([MINUTE, 6 * MINUTE, 31 * MINUTE]))
    def wait(self, span: timedelta) -> None:
        self.time[0] += span

    @rule()
    def withdraw(self) -> None:
        if items.get(self.item).state in (ItemState.APPROVED, ItemState.PUBLISHED):
            withdraw.withdraw(self.office, PUBLISHER, self.item, WithdrawalKind.ERROR, "有误")

    @rule()
    def correct(self) -> None:
        if items.get(self.item).state in (ItemState.PUBLISHED, ItemState.WITHDRAWN):
            content = replace(items.latest_revision(self.item).content, summary=self.time[0].isoformat())
            item_flow.amend(self.office, EDITOR, self.item, "改正", content)
            self._approve()

    @rule(on=st.booleans())
    def fall_silent(self, on: bool) -> None:
        present = silence.silence_page(self.office).in_force
        if on and not present:
            silence.begin(self.office, PUBLISHER, "静默", None)
        elif present and not on:
            silence.end(self.office, PUBLISHER, "结束")

    @rule(goes_to_look=st.booleans())
    def a_person_answers(self, goes_to_look: bool) -> None:
        for row in deliveries.listed((DeliveryState.NEEDS_PERSON, DeliveryState.REFUSED), 5):
            try:
                self._answer(row.id, goes_to_look)
            except NotAllowed:
                continue

    def _answer(self, number: int, goes_to_look: bool) -> None:
        row = deliveries.get(number)
        if not goes_to_look:
            resolve.retry(self.office, PUBLISHER, number)
        elif (row.revision, _action(row.action, self.remote, row.revision), "finish") in self.remote.effects:
            resolve.resolve_delivered(self.office, PUBLISHER, number, "http://127.0.0.1/there")

    @invariant()
    def calls_of_one_item_run_one_after_another(self) -> None:
        owned = [row for row in deliveries.of_item(self.item) if row.lease_until and row.lease_until >= self.time[0]]
        assert len(owned) <= 1

    def teardown(self) -> None:
        if not hasattr(self, "office"):
            return
        self.remote.next_outcome, self.remote.answers = "delivered", True
        if silence.silence_page(self.office).in_force:
            silence.end(self.office, PUBLISHER, "结束")
        self._settle_everything()
        self._nothing_is_lost()
        close_connections()
        shutil.rmtree(self.folder)

    def _settle_everything(self) -> None:
        for _ in range(300):
            calls = claim(self.office, self._due(), "last").calls
            settle(self.office, [make(call) for call in calls])
            if not calls and not self._due():
                due = deliveries.next_due(self.time[0])
                if due is None:
                    return
                self.time[0] = due + timedelta(microseconds=1)
        raise AssertionError("it never comes to rest")

    def _nothing_is_lost(self) -> None:
        rows = deliveries.of_item(self.item)
        stopped = [row for row in rows if row.state in (DeliveryState.NEEDS_PERSON, DeliveryState.REFUSED)]
        open_rows = [row for row in rows if row.state not in (*deliveries.FINISHED, *(one.state for one in stopped))]
        assert open_rows == []
        if stopped:
            return  # a person has it
        standing = self.remote.standing.get(self.item, set())
        if items.get(self.item).state is ItemState.WITHDRAWN:
            assert standing == set()
        elif items.get(self.item).state is ItemState.PUBLISHED:
            assert standing == {items.latest_revision(self.item).id}


def _action(action: Action, remote: Remote, revision: int) -> Action:
    """An amendment of what never arrived was a publication."""
    published = (revision, Action.PUBLISH, "finish") in remote.effects
    return Action.PUBLISH if action is Action.AMEND and published else action


SETTINGS = settings(deadline=None, suppress_health_check=list(HealthCheck))

TestLedger = Ledger.TestCase
TestLedger.settings = settings(SETTINGS, max_examples=12, stateful_step_count=30)


def test_the_ledger_keeps_its_promises_on_postgresql_too(cluster: Cluster) -> None:
    class OnPostgreSQL(Ledger):
        def open_database(self) -> None:
            self.databases = ExitStack()
            use_database(self.databases.enter_context(cluster.database()))

        def teardown(self) -> None:
            super().teardown()
            use_database("")
            if hasattr(self, "databases"):
                self.databases.close()

    few = settings(SETTINGS, max_examples=4, stateful_step_count=30)
    run_state_machine_as_test(OnPostgreSQL, settings=few)
