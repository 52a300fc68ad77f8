"""A sample office for desk tests and screenshots: invented people and texts, made by the flow itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.contrib.auth.hashers import Argon2PasswordHasher, make_password

from syndicate.config.load import load
from syndicate.flow import items
from syndicate.flow.decide import Vote, decide
from syndicate.flow.practice import PracticeAddresses, write_practice_office
from syndicate.flow.workspace import Workspace, open_workspace
from syndicate.model.channel import ChannelKind
from syndicate.model.delivery import Delivered, NeedsPerson, Outcome, Receipt, Refused, StepResult
from syndicate.model.item import Attachment, Content, FileRole, ItemKind
from syndicate.model.office import Snapshot
from syndicate.model.review import Actor, Role, Verdict
from syndicate.monitor.compile import compile_monitor
from syndicate.monitor.monitor import Monitor
from syndicate.records import deliveries, people
from syndicate.records import items as item_records
from syndicate.sandbox.settings import Settings

PASSWORD = "样例口令-仅供测试-2026"
EDITOR = Actor("样例编辑", Role.EDITOR, "desk")
REVIEWER = Actor("样例审核", Role.REVIEWER, "desk")
PUBLISHER = Actor("样例签发", Role.PUBLISHER, "desk")
ADMIN = Actor("样例管理", Role.ADMIN, "desk")
SYNC = Actor("sync", Role.SYSTEM, "system")
EVERYBODY = (EDITOR, REVIEWER, PUBLISHER, ADMIN)
ADDRESSES = PracticeAddresses(
    weibo="http://127.0.0.1:9",
    wechat="http://127.0.0.1:9",
    app="http://127.0.0.1:9",
    led="http://127.0.0.1:9",
    sources="http://127.0.0.1:8808",
    site="http://127.0.0.1:8809",
)
CLEAN = "<p>云川县应急管理局组织开展岁末年初安全检查，检查企业十二家，发现的问题已全部整改。</p>"
FAULTY = (
    "<p>会议定于2026年11月28日（星期五）召开，请各有关单位提前做好准备。</p>"
    "<p>县秸杆综合利用工作<strong>领导小姐</strong>办公室负责会务，联系人手机13800000000。</p>"
)


@dataclass(frozen=True)
class Prepared:
    """What takes longest in opening an office, done once: its configuration, and the monitor that it compiles to."""

    snapshot: Snapshot
    monitor: Monitor


def prepare(home: Path) -> Prepared:
    """Load and compile an office's configuration."""
    snapshot = load(home)
    return Prepared(snapshot, compile_monitor(*snapshot.monitored))


@dataclass
class Office:
    """An open sample office whose clock stands still until it is moved."""

    home: Path
    now: datetime
    prepared: Prepared | None = None
    workspace: Workspace = field(init=False)

    def __post_init__(self) -> None:
        clock = lambda: self.now  # noqa: E731 the clock of this very office
        if self.prepared is None:
            self.workspace = open_workspace(self.home, clock)
            return
        self.workspace = Workspace(self.home, self.prepared.snapshot, clock)
        self.workspace.monitor = self.prepared.monitor  # the real one, only not compiled again for every test

    def wait(self, **length: float) -> None:
        """Let time pass."""
        self.now += timedelta(**length)

    def draft(
        self, title: str = "云川县开展安全检查", body: str = CLEAN, column: str = "news", actor: Actor = EDITOR
    ) -> int:
        """A new original item."""
        content = items.original(self.workspace, title, body)
        return items.create(self.workspace, actor, items.Placement(column), content)

    def submitted(
        self, title: str = "云川县开展安全检查", body: str = CLEAN, column: str = "news", actor: Actor = EDITOR
    ) -> int:
        """An item at the first level of review."""
        number = self.draft(title, body, column, actor)
        items.submit(self.workspace, actor, number)
        return number

    def reprint(self, title: str, body: str, hours_left: float, source_name: str = "示例省人民政府办公厅") -> int:
        """A submitted reprint with a deadline and a picture."""
        picture = self.workspace.files.put(PNG)
        content = Content(
            title,
            body + f'<p><img src="file:{picture}" alt="现场图片（样例）"></p>',
            ItemKind.REPRINT,
            source_name,
            source_url="https://www.example.gov.cn/样例",
            published_at=self.now - timedelta(hours=20),
            fields={
                "索引号": "SL-2026-0001",
                "发文机关": source_name,
                "发文字号": "示政办发〔2026〕1号",
                "有效性": "有效",
            },
            attachments=(
                Attachment("现场.png", picture, "image/png", len(PNG), FileRole.IMAGE),
                Attachment(
                    "附件1 样例表格.xlsx",
                    self.workspace.files.put(b"sample"),
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                    6,
                    FileRole.ATTACHMENT,
                ),
            ),
        )
        placement = items.Placement("reprints", deadline_at=self.now + timedelta(hours=hours_left))
        number = items.create(self.workspace, SYNC, placement, content)
        item_records.add_source(
            number, "shengzhengfu", f"key-{number}", f"https://www.example.gov.cn/{number}", self.now
        )
        items.submit(self.workspace, SYNC, number)
        return number

    def first_approval(self, number: int) -> None:
        """The reviewer approves level 1."""
        decide(self.workspace, REVIEWER, number, Vote(Verdict.APPROVE, 1))

    def approved(self, title: str = "云川县开展安全检查", undo: int = 0) -> int:
        """An item with its final approval; its deliveries exist and nothing was sent."""
        number = self.submitted(title)
        self.first_approval(number)
        decide(self.workspace, PUBLISHER, number, Vote(Verdict.APPROVE, 2, undo=timedelta(seconds=undo)))
        return number

    def published(self, title: str = "云川县开展安全检查", **outcomes: Outcome) -> int:
        """An approved item whose channels answered: delivered, or by channel as named."""
        number = self.approved(title)
        for delivery in deliveries.of_item(number):
            channel = self.workspace.channel(delivery.channel)
            url = f"https://example.gov.cn/{channel.kind}/{number}"
            self.answer(delivery.id, outcomes.get(channel.kind, Delivered(Receipt(str(number), url, self.now))))
        return number

    def answer(self, delivery: int, outcome: Outcome) -> None:
        """Let the ledger go through one attempt with this outcome, as the runner would."""
        from syndicate.flow.calls import Answered, Call
        from syndicate.flow.deliver import settle
        from syndicate.flow.jobs import job_for
        from syndicate.model.delivery import DeliveryEvent, DeliveryState, Step

        current = deliveries.get(delivery)
        channel = self.workspace.channel(current.channel)
        if current.state is DeliveryState.WAITING:
            released = deliveries.change(current, DeliveryEvent.RELEASED, {"due_at": self.now})
            assert released
            current = released
        claimed = deliveries.change(
            current,
            DeliveryEvent.CLAIMED,
            {"step": "publish", "attempts_made": current.attempts_made + 1, "first_attempt_at": self.now},
        )
        assert claimed
        tried = deliveries.Try(claimed, "send", "publish", "sample-worker")
        (attempt,) = deliveries.open_attempts([tried], self.now)
        code = "21301" if isinstance(outcome, NeedsPerson | Refused) else ""
        job = job_for(self.workspace, claimed, channel)
        driver = self.workspace.driver(channel.id)
        call = Call(claimed, attempt, channel, driver, Step("publish", repeatable=True), looks=False, job=job)
        settle(self.workspace, [Answered(call, StepResult(outcome, {}, code, '{"sample": true}'))])

    def channel_of(self, kind: ChannelKind) -> str:
        """The id of the account of a kind."""
        return next(channel.id for channel in self.workspace.snapshot.channels.values() if channel.kind is kind)


def write_office_files(home: Path) -> None:
    """The practice office's files; `var/` may hold a database already."""
    write_practice_office(home, ADDRESSES, Settings())


def add_people() -> None:
    """Everybody with a password."""
    from syndicate.records.models.people import User

    hashed = make_password(PASSWORD)
    for actor in EVERYBODY:
        people.add(actor.name, actor.role)
    User.objects.update(password=hashed)


class QuickHasher(Argon2PasswordHasher):
    """Argon2 with the smallest cost, as tests log in hundreds of times."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


def _png() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (480, 200), "#7d9cc0").save(out, "PNG")
    return out.getvalue()


PNG = _png()
