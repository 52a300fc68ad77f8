"""A small invented website, written through the real templates of the root office."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from syndicate.errors import NotFound
from syndicate.model.channel import FileReference, Rendition
from syndicate.model.office import Office
from syndicate.model.site import Column, SiteEntry
from syndicate.site.disclosure import listings_of
from syndicate.site.facts import SiteFacts
from syndicate.site.pages import Pages
from syndicate.site.plan import Plan, plan_all, plan_article, plan_lists, plan_publish, plan_retract
from syndicate.site.whole import WholeSite
from syndicate.site.writer import rebuild, write
from tests.site.site_ledger import MemoryLedger

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEMPLATES = Path(__file__).parents[2] / "content" / "templates"
START = datetime(2026, 11, 25, 9, 30, tzinfo=SHANGHAI)


@pytest.fixture(scope="session")
def templates() -> dict[str, str]:
    files = (file for file in TEMPLATES.rglob("*") if file.is_file())
    return {file.relative_to(TEMPLATES).as_posix(): file.read_text("utf-8") for file in files}


@pytest.fixture(scope="session")
def office() -> Office:
    return Office(
        name="示例省示例市云川县人民政府办公室",
        site_name="云川县人民政府",
        domain="www.yunchuan.example",
        site_url="https://www.yunchuan.example",
        site_code="9900000001",
        icp="示ICP备00000001号",
        police_record="示公网安备 99000000000001号",
        contact="云川县政务服务中心",
        telephone="0000-0000000",
        timezone=SHANGHAI,
        white_list=(),
        sample=True,
    )


def column(name: str, title: str) -> Column:
    return Column(name, title, f"{title}栏目", ("云川", title), "动态要闻", "办公室", timedelta(days=14), 2)


@pytest.fixture(scope="session")
def site(office: Office, templates: dict[str, str]) -> SiteFacts:
    return SiteFacts(office, {"news": column("news", "云川要闻"), "policy": column("policy", "政策文件")}, templates)


@pytest.fixture(scope="session")
def pages(site: SiteFacts) -> Pages:
    return Pages(site)


class Store(dict[str, bytes]):
    """Files by content hash (implements `FileReader`)."""

    def add(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        self[sha256] = data
        return sha256

    def read(self, sha256: str) -> bytes:
        if sha256 not in self:
            raise NotFound("site.file_lost", sha256=sha256)
        return self[sha256]


@dataclass
class Town:
    """A website in a folder, with what was ever published on it."""

    root: Path
    pages: Pages
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    files: Store = field(default_factory=Store)
    standing: dict[int, Rendition] = field(default_factory=dict)

    def rendition(
        self,
        item: int,
        column: str = "news",
        title: str = "",
        body: str = "",
        files: tuple[FileReference, ...] = (),
        **fields: str,
    ) -> Rendition:
        named = {
            "address": f"{column}/202611/{item}.html",
            "column": column,
            "kind": "reprint",
            "title": title or f"第{item}篇样稿",
            "summary": f"第{item}篇样稿的概要",
            "source_name": "云川县水利局",
            "source_url": "http://water.yunchuan.example/1.html",
            "source_published_at": "2026-11-24T16:05:00+08:00",
            "author": "",
        }
        return Rendition("website", {**named, **fields}, body or f"<p>演示样例{item}</p>", files)

    def notice(self, item: int, column: str = "news") -> Rendition:
        fields = {
            "address": f"{column}/202611/{item}.html",
            "column": column,
            "notice": "error",
            "title": "该信息已撤下",
        }
        return Rendition("website", {**fields, "text": "已撤下"}, "<p>已撤下</p>")

    def entry(self, item: int, rendition: Rendition, *, withdrawn: bool = False) -> SiteEntry:
        fields = rendition.fields
        entry = SiteEntry(
            item=item,
            column=fields["column"],
            address=fields["address"],
            title=fields["title"],
            summary=fields.get("summary", ""),
            source_name=fields.get("source_name", ""),
            published_at=START + timedelta(minutes=item),
            withdrawn=withdrawn,
            fields={name.removeprefix("field:"): value for name, value in fields.items() if name.startswith("field:")},
        )
        return replace(entry, listings=listings_of(entry))

    def plan(self, item: int, rendition: Rendition, *, withdrawn: bool = False) -> tuple[Plan, SiteEntry]:
        view = self.ledger.view("website", self.entry(item, rendition, withdrawn=withdrawn))
        planner = plan_retract if withdrawn else plan_publish
        others = [(other, self.ledger.standing("website", other.item)) for other in view.affected()]
        return planner(self.pages, view, rendition, others), view.entry

    def publish(self, item: int, rendition: Rendition | None = None, column: str = "news") -> Plan:
        shown = rendition or self.rendition(item, column)
        return self._write(item, shown, withdrawn=False)

    def retract(self, item: int, column: str = "news") -> Plan:
        return self._write(item, self.notice(item, column), withdrawn=True)

    def fill(self, items: range, column: str = "news") -> None:
        """Many publications in one build, which leaves the same bytes."""
        for item in items:
            self.standing[item] = self.rendition(item, column)
            view = self.ledger.view("website", self.entry(item, self.standing[item]))
            self.ledger.settle("website", view.entry)
            self.ledger.receive("website", item, self.standing[item])
        self.build(self.root)

    def _write(self, item: int, rendition: Rendition, *, withdrawn: bool) -> Plan:
        plan, entry = self.plan(item, rendition, withdrawn=withdrawn)
        write(self.root, [plan], self.files)
        self.ledger.settle("website", entry)
        self.ledger.receive("website", item, rendition)
        self.standing[item] = rendition
        return plan

    def build(self, root: Path) -> None:
        entries = self.ledger.entries("website")
        rebuild(root, self.planned(entries), self.files)

    def planned(self, entries: Sequence[SiteEntry]) -> Iterator[Plan]:
        """The plans of the whole site."""
        published = WholeSite(entries)
        articles = (plan_article(self.pages, published, entry, self.standing[entry.item]) for entry in entries)
        lists = (Plan(make()) for make in plan_lists(self.pages, published))
        return plan_all(self.pages, published, chain(articles, lists))

    def contents(self, root: Path | None = None) -> dict[str, bytes]:
        base = root or self.root
        return {file.relative_to(base).as_posix(): file.read_bytes() for file in base.rglob("*") if file.is_file()}

    def text(self, path: str) -> str:
        return (self.root / path).read_text("utf-8")


@pytest.fixture
def town(tmp_path: Path, pages: Pages) -> Town:
    return Town(tmp_path / "site", pages)
