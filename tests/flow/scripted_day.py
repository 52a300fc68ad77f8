"""One day of the sample office, played once: what its records imply is known figure by figure."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from syndicate.flow import items as item_flow
from syndicate.flow.decide import Vote, decide
from syndicate.flow.patrol import patrol
from syndicate.flow.withdraw import withdraw
from syndicate.model.review import Verdict, WithdrawalKind
from syndicate.net.fetcher import Fetcher
from syndicate.records import items
from syndicate.records.connection import close_connections, open_records, use_database
from tests.flow.office import CONTENT, EDITOR, PUBLISHER, Desk, open_desk
from tests.flow.web import SHORT, Beat, Page, article, serving

HOUR = timedelta(hours=1)
OVERRIDE = "引用原文，已核实"


@dataclass
class Day:
    """The desk at the end of its day, and the items by what became of them."""

    beat: Beat
    desk: Desk
    date: date
    item: dict[str, int]

    def at(self, hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 11, 26, hour, minute, tzinfo=self.desk.now.tzinfo)


@contextmanager
def scripted_day(template: Path, home: Path) -> Iterator[Day]:
    """An office of its own on SQLite whose Thursday, 26 November 2026, is over."""
    (home / "var").mkdir(parents=True)
    shutil.copy(template, home / "var" / "syndicate.sqlite3")
    use_database("")
    open_records(home)
    with open_desk(home) as desk, serving(desk) as beat:
        yield Day(beat, desk, desk.now.date(), _play(beat))
    close_connections()


def _play(beat: Beat) -> dict[str, int]:
    desk = beat.desk
    found = _morning(beat)
    desk.approve(found["clean"])
    desk.approve(found["unlisted"])
    decide(desk.workspace, PUBLISHER, found["blocked"], Vote(Verdict.RETURN, 1, "含禁用词"))
    item_flow.discard(desk.workspace, PUBLISHER, found["discarded"], "与本县无关")
    found |= _own(desk)
    desk.settle(HOUR)
    withdraw(desk.workspace, PUBLISHER, found["withdrawn"], WithdrawalKind.ERROR, "附件放错")
    bad = replace(items.latest_revision(found["corrected"]).content, title="更正稿含禁用词甲")
    item_flow.amend(desk.workspace, EDITOR, found["corrected"], "改标题", bad)
    desk.settle(HOUR)
    patrol(desk.workspace, Fetcher(clock=desk.workspace.now, gap=timedelta(0), limits=SHORT))
    desk.time[0] = desk.now.replace(hour=23, minute=0)
    return found


def _morning(beat: Beat) -> dict[str, int]:
    """Five reprints of one source, one of which names only a day; another source is gone."""
    beat.follow("city", "json")
    beat.follow("gone", "json", path="/nowhere")
    pages = {
        "clean": article("放假安排的通知"),
        "unlisted": article("自媒体的文章", meta={"ContentSource": "某自媒体"}),
        "blocked": article("含有禁用词甲的通知"),
        "discarded": article("外地的通知"),
        "undated": article("只有日期的通知", meta={"PubDate": "2026-11-26"}),
    }
    for number, page in enumerate(pages.values(), 1):
        beat.web.pages[f"/{number}.html"] = Page(page)
    beat.list("city", 1, 2, 3, 4, 5, date="2026-11-26")
    city, _ = beat.sync()
    return dict(zip(pages, city.items, strict=True))


def _own(desk: Desk) -> dict[str, int]:
    """Texts of the office: one approved over a blocking rule, one to be withdrawn, one to be corrected, one waiting."""
    overridden = desk.submitted("app", content=replace(CONTENT, title="引用禁用词乙的答复"))
    desk.approve(overridden, overrides={"sample.block": OVERRIDE})
    return {
        "overridden": overridden,
        "withdrawn": desk.approved("website", "app"),
        "corrected": desk.approved("website"),
        "waiting": desk.submitted("website"),
    }
