"""Thirty scripted days of a sample office: what happens when, written straight into the records that patrol and sync keep.

The patrol looks every hour. `notify` runs a minute later: in the hours around an event, else four times a day. At
midnight the report of the day that ended is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from syndicate.flow import items as item_flow
from syndicate.flow import notices
from syndicate.flow.day_facts import day_facts
from syndicate.flow.day_standing import keep_standing
from syndicate.flow.drift import DRIFT, drift_target
from syndicate.flow.items import Placement
from syndicate.flow.taking_in import SYNC
from syndicate.inspection.judge import judge
from syndicate.inspection.measure import measure
from syndicate.inspection.page_checks import ProblemKind
from syndicate.inspection.report import compose
from syndicate.model.inspection import Judgement, Level, Report, Standing
from syndicate.model.item import Content, ItemKind
from syndicate.model.source import Source, SourceKind, SyncResult
from syndicate.records import crawling, incidents, items, receipts, site_problems, sources
from syndicate.records import office as office_records
from syndicate.records.connection import one_transaction
from syndicate.records.crawling import RoundRecord
from syndicate.records.office import ProbeRecord
from syndicate.records.site_problems import ProblemRecord
from tests.flow.office import Desk

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = datetime(2026, 11, 1, tzinfo=ZONE)
DAYS = 30
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LINK = "https://old.example.cn/zt/"
WATCHED = ("W1-4", "W2", "W3", "T1", "T3", "T5", "T6", "T7", "T13", "T16")
"""The indicators that the script is about; the others have their own tests."""


def at(day: int, hour: float = 0) -> datetime:
    """A moment of the month: the first day is 1."""
    return FIRST + (day - 1) * DAY + hour * HOUR


@dataclass
class Month:
    """The office while its month runs: what is wrong at the moment, and what every day's end said."""

    desk: Desk
    down: bool = False
    patrols: bool = True
    tampered: bool = False
    lost: str = ""
    """The address of a Weibo post that the public no longer sees."""
    links: list[ProblemRecord] = field(default_factory=list)
    items: dict[str, int] = field(default_factory=dict)
    said: dict[date, Report] = field(default_factory=dict)
    judged: dict[date, tuple[Judgement, ...]] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The moment the clock shows."""
        return self.desk.now

    def run(self, script: dict[datetime, Callable[[Month], None]]) -> None:
        """Let the month pass."""
        self.desk.time[0] = FIRST
        follow(self.desk)
        near = {moment + number * HOUR for moment in script for number in range(3)}
        for moment in (FIRST + number * HOUR for number in range(24 * DAYS + 1)):
            self.desk.time[0] = moment
            if moment in script:
                script[moment](self)
            if self.patrols:
                self._patrol()
            if moment.hour == 0 and moment > FIRST:
                self._day_ends((moment - DAY).date())
            if moment.hour % 6 == 0 or moment in near:
                self.desk.time[0] = moment + MINUTE
                notices.collect(self.desk.workspace)

    def _patrol(self) -> None:
        ok, now = not self.down, self.now
        with one_transaction():
            self._look(ok, now)
        if now.hour == 23:
            keep_standing(self.desk.workspace)

    def _look(self, ok: bool, now: datetime) -> None:
        add = office_records.add_probe
        add(ProbeRecord(now, "site", "https://x/", ok, 200 if ok else 0, 400, "" if ok else "连接超时"))
        add(ProbeRecord(now, "verify", "index.html" if self.tampered else "", not self.tampered, 0, 0, "被改动"))
        for channel in ("weibo",):
            for receipt in receipts.standing(channel):
                url = receipt.receipt.url
                gone = url == self.lost
                add(ProbeRecord(now, DRIFT, drift_target(channel, url), not gone, 0, 0, "已不在线" if gone else ""))
        site_problems.set_problems([ProblemKind.LINK, ProblemKind.OFF], None, self.links, now)
        crawling.add_round(RoundRecord(now, 10, 10, 20, 0))

    def _day_ends(self, day: date) -> None:
        """The report of the day that ended, and how the watched indicators stand in it."""
        workspace = self.desk.workspace
        facts, indicators = day_facts(workspace, day), workspace.snapshot.indicators
        judged = judge(measure(facts, indicators), indicators)
        self.judged[day] = tuple(one for one in judged if one.indicator.id in WATCHED)
        self.said[day] = compose(facts, judged)

    def reprint(self, name: str, hours: float) -> None:
        """A sync brings a text that must be out within some hours."""
        content = Content(
            name,
            "<p>样例正文。</p>",
            ItemKind.REPRINT,
            "示例省政府网",
            source_url=f"https://p.example/{len(self.items)}",
        )
        place = Placement("news", ("website",), deadline_at=self.now + hours * HOUR)
        self.items[name] = item_flow.create(self.desk.workspace, SYNC, place, content)
        items.add_source(self.items[name], "province", name, content.source_url.partition("://")[2], self.now)
        item_flow.submit(self.desk.workspace, SYNC, self.items[name])

    def publish(self, name: str) -> None:
        """Review and delivery of what came before."""
        while items.get(self.items[name]).state == "submitted":
            self.desk.approve(self.items[name])
        self.desk.run()

    def original(self, name: str, *channels: str) -> None:
        """A text of the office, out at once."""
        self.items[name] = self.desk.approved(*channels, content=replace(ORIGINAL, title=name))
        self.desk.run()


ORIGINAL = Content("样例", "<p>样例正文，请市民知悉。</p>", ItemKind.ORIGINAL, "样例县政府办")


def follow(desk: Desk) -> None:
    """Two sources of higher levels."""
    known = {
        name: Source(name, title, SourceKind.FEED, f"https://{name}.example/", "news", title)
        for name, title in (("province", "示例省政府网"), ("city", "示例市政府网"))
    }
    desk.workspace.snapshot = replace(desk.workspace.snapshot, sources=known)


def look(name: str, result: SyncResult) -> Callable[[Month], None]:
    """What a sync of a source brings; the first bad look begins an incident of the source, the first good one ends it."""

    def happens(month: Month) -> None:
        now = month.now
        sources.add_look(sources.Look(name, now, result, 0, 0, 0, None, now, now, now + HOUR))
        bad = result not in (SyncResult.NEW, SyncResult.NOTHING_NEW)
        known = sources.open_incident(name)
        if bad and known is None:
            sources.begin_incident(name, result, None, now)
        if not bad and known is not None:
            sources.end_incident(name, now)

    return happens


def change(**values: object) -> Callable[[Month], None]:
    """Something of the month's state becomes another."""

    def happens(month: Month) -> None:
        for name, value in values.items():
            setattr(month, name, value)

    return happens


def both(*events: Callable[[Month], None]) -> Callable[[Month], None]:
    """Several things at one moment."""

    def happens(month: Month) -> None:
        for event in events:
            event(month)

    return happens


def lose(month: Month) -> None:
    """The platform hides the newest post."""
    month.lost = receipts.standing("weibo")[0].receipt.url


BROKEN = ProblemRecord(ProblemKind.LINK, "/", LINK, "404", on_home=True)
SCRIPT: dict[datetime, Callable[[Month], None]] = {
    at(1, 1): both(look("province", SyncResult.NEW), look("city", SyncResult.NEW)),
    at(1, 9): lambda month: month.original("开展安全检查", "website", "weibo"),
    at(3, 10): change(down=True),  # a short outage: four looks
    at(3, 14): change(down=False),
    at(5, 8): look("city", SyncResult.WALL),  # mended within the day
    at(5, 20): look("city", SyncResult.NOTHING_NEW),
    at(8, 9): look("province", SyncResult.SILENT),  # three days: too late
    at(11, 9): look("province", SyncResult.NEW),
    at(10, 2): change(tampered=True),  # defaced at night, restored within the hour
    at(10, 3): change(tampered=False),
    at(12, 9): lambda month: month.original("道路恢复通行", "website", "weibo"),
    at(13, 9): change(links=[BROKEN]),  # mended after two days instead of one
    at(15, 11): change(links=[]),
    at(16, 8): lambda month: month.reprint("按时转载的通知", 12),
    at(16, 15): lambda month: month.publish("按时转载的通知"),
    at(17, 8): lambda month: month.reprint("迟到的通知", 8),  # due at 16:00, out at 19:00
    at(17, 19): lambda month: month.publish("迟到的通知"),
    at(20, 6): change(down=True),  # half a day: more than 5 % of the week
    at(20, 18): change(down=False),
    at(22, 10): lose,
    at(23, 9): change(lost=""),
    at(25, 1): change(patrols=False),
    at(25, 7): change(patrols=True),
    at(26, 9): lambda month: month.original("发布气象预警", "website", "weibo"),
}


def incident_lines() -> Iterator[str]:
    """Every incident of the month as people read it, in the order of their beginnings."""
    for one in incidents.between(FIRST, FIRST + (DAYS + 1) * DAY):
        assert one.opened_at is not None
        assert one.deadline is not None
        over = f"{one.closed_at.astimezone(ZONE):%d日%H:%M}" if one.closed_at else "未解除"
        late = one.closed_at is None or one.closed_at > one.deadline
        begun = f"{one.opened_at.astimezone(ZONE):%d日%H:%M}"
        subject = one.subject.partition(" ")[0] or "—"
        yield "\t".join(("故障", one.alarm, subject, begun, over, "逾期" if late else "按期"))


def verdict_lines(month: Month) -> Iterator[str]:
    """Each day with what was not fulfilled of the watched indicators."""
    for day, judged in sorted(month.judged.items()):
        wrong = [_said(one) for one in judged if one.standing in (Standing.BREACHED, Standing.WARNING)]
        yield "\t".join(("判定", f"{day:%d日}", "、".join(wrong) or "—"))


def _said(one: Judgement) -> str:
    value = one.measurement.value
    shown = f"{value:.2f}".rstrip("0").rstrip(".") if value is not None else "—"
    veto = one.standing is Standing.BREACHED and one.indicator.level is Level.VETO
    word = "触发" if veto else "预警" if one.standing is Standing.WARNING else "未达标"
    return f"{one.indicator.id} {shown} {word}"
