"""The item page tells where an item was seen, whose text it carries, and what its changed original changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import yaml
from django.test import Client

from syndicate.flow.decide import Vote, decide
from syndicate.flow.pasting import Origin, paste
from syndicate.flow.sync import sync
from syndicate.model.delivery import Delivered, Receipt
from syndicate.model.item import ItemState
from syndicate.model.review import Verdict
from syndicate.net.fetcher import Fetcher
from syndicate.records import deliveries, items
from tests.desk.conftest import logged_in
from tests.desk.office import EDITOR, PUBLISHER, REVIEWER, Office
from tests.flow.web import QUICK, Page, Web, article, dumped

TEXT = "".join(
    f"第{n}项：云川县各有关单位要按照样例办法的要求认真组织落实，每季度向县政府报告一次进展。" for n in "一二三四五六"
)
TITLE = "关于印发样例办法的通知"


class Followed:
    """An office that follows two sites on one loopback server, and a reviewer's browser."""

    def __init__(self, office: Office, web: Web) -> None:
        self.web, self.home = web, office.home
        for name, title, authority in (("county", "样例县网站", 4), ("province", "样例省网站", 2)):
            source = {"title": title, "kind": "json", "url": f"{web.base}/{name}", "column": "reprints", "organ": "样例市政府办", "authority": authority, "allow": [web.host], "article": {"body": "#text"}, "list": {"rows": "", "url": "url", "title": "title", "published": "date"}}  # fmt: skip
            text = yaml.safe_dump(source, allow_unicode=True)
            (office.home / "content" / "sources" / f"{name}.yaml").write_text(text, "utf-8")
        self.office = Office(office.home, office.now)
        self.client = logged_in(self.office, REVIEWER)

    def put(self, name: str, text: str = TEXT, title: str = TITLE) -> None:
        """A site's list of one article, and the article."""
        row = {"url": f"{self.web.base}/{name}/1.html", "title": title, "date": "2026-11-26 08:30"}
        self.web.pages[f"/{name}"] = Page(dumped([row]), type="application/json")
        self.web.pages[f"/{name}/1.html"] = Page(article(title, text))

    def look(self, *names: str) -> None:
        fetcher = Fetcher(clock=self.office.workspace.now, gap=timedelta(0), limits=QUICK)
        sync(self.office.workspace, fetcher, names)

    def page(self) -> str:
        (number,) = [row.id for row in items.listed([ItemState.SUBMITTED], limit=10)]
        return self.client.get(f"/items/{number}").content.decode()


@pytest.fixture
def followed(own_configuration: Office) -> Iterator[Followed]:
    web = Web()
    opened = Followed(own_configuration, web)
    yield opened
    opened.office.workspace.close()
    web.close()


def part(page: str, name: str) -> str:
    """One section of the page as text without tags, blanks collapsed."""
    found = re.search(rf'<section class="[^"]*{name}[^"]*".*?</section>', page, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


def test_every_source_is_shown_with_its_level_and_why_it_is_the_same_document(followed: Followed) -> None:
    for name in ("county", "province"):
        followed.put(name)
        followed.look(name)
    shown = part(followed.page(), "sources")
    assert all(word in shown for word in ("样例县网站", "县级", "样例省网站", "省级", "标题和正文相同"))


def test_the_source_whose_text_won_is_marked(followed: Followed) -> None:
    for name in ("county", "province"):
        followed.put(name)
        followed.look(name)
    section = followed.page().partition('<section class="sources"')[2].partition("</section>")[0]
    rows = re.findall(r"<tr>.*?</tr>", section, re.S)
    assert [("样例省网站" in row, "采用这里的文本" in row) for row in rows[1:]] == [(False, False), (True, True)]


def test_every_address_can_be_opened(followed: Followed) -> None:
    for name in ("county", "province"):
        followed.put(name)
        followed.look(name)
    links = re.findall(r'<td><a href="(http[^"]+)"', followed.page())
    assert links == [f"{followed.web.base}/{name}/1.html" for name in ("county", "province")]


def test_the_change_to_the_text_of_a_higher_authority_can_be_read(followed: Followed) -> None:
    followed.put("county")
    followed.look("county")
    followed.put("province", TEXT.replace("第六项：云川县", "第六项：全省"))
    followed.look("province")
    shown = part(followed.page(), "renewed")
    assert "采用更高层级来源的文本：与第 1 版相比" in shown
    assert "第六项： 删 云川县 增 全省 各有关单位" in shown


def test_what_a_changed_original_changed_can_be_read(followed: Followed) -> None:
    followed.put("county")
    followed.look("county")
    followed.put("county", TEXT.replace("每季度", "每半年", 1), f"{TITLE}（修订）")
    followed.look("county")
    page = followed.page()
    assert "原文有更新：与第 1 版相比" in part(page, "renewed")
    assert "<del><b>删</b>季度</del><ins><b>增</b>半年</ins>" in page
    assert "<ins><b>增</b>（修订）</ins>" in page


def test_hostile_text_of_a_change_is_shown_as_text(followed: Followed) -> None:
    followed.put("county")
    followed.look("county")
    followed.put("county", TEXT + "&lt;script&gt;alert(1)&lt;/script&gt;。", f"{TITLE}（修订）")
    followed.look("county")
    page = followed.page()
    assert ("<script>alert" in page, "&lt;script&gt;alert(1)" in page) == (False, True)


def test_a_first_revision_has_no_changes_to_show(followed: Followed) -> None:
    followed.put("county")
    followed.look("county")
    assert part(followed.page(), "renewed") == ""


def test_changes_since_the_last_publication_are_shown_together(followed: Followed) -> None:
    followed.put("county")
    followed.look("county")
    office = followed.office
    (item,) = [row.id for row in items.listed([ItemState.SUBMITTED], limit=1)]
    decide(office.workspace, PUBLISHER, item, Vote(Verdict.APPROVE, 1))
    for delivery in deliveries.of_item(item):
        office.answer(delivery.id, Delivered(Receipt("1", "https://a.example/1", office.now)))
    once = TEXT.replace("每季度", "每半年", 1)
    for number, text in enumerate((once, once.replace("第六项", "第陆项")), start=1):
        followed.put("county", text, f"{TITLE}（修订{number}）")
        followed.look("county")
    shown = part(followed.page(), "renewed")
    assert ("与第 1 版相比" in shown, "半年" in shown, "陆" in shown) == (True, True, True)


def test_a_pasted_reprint_says_that_it_was_entered_by_hand(followed: Followed) -> None:
    origin = Origin("样例市政府办", "https://www.example.gov.cn/1.html")
    file = ("<p>人工粘贴的样例正文。</p>".encode(), "a.html")
    item = paste(followed.office.workspace, EDITOR, "reprints", "样例通知", file, origin)
    page = followed.client.get(f"/items/{item}").content.decode()
    assert "人工录入" in part(page, "sources")


def test_a_source_that_was_removed_is_shown_by_its_name(followed: Followed) -> None:
    followed.put("county")
    followed.look("county")
    (followed.home / "content" / "sources" / "county.yaml").unlink()
    client: Client = logged_in(Office(followed.home, followed.office.now), REVIEWER)
    (number,) = [row.id for row in items.listed([ItemState.SUBMITTED], limit=1)]
    assert "county" in part(client.get(f"/items/{number}").content.decode(), "sources")


def test_every_line_of_the_history_is_in_words(followed: Followed) -> None:
    for name in ("county", "province"):
        followed.put(name)
        followed.look(name)
    history = part(followed.page(), "history")
    assert ("在另一信源也见到" in history, re.findall(r"item\.[a-z_]+", history)) == (True, [])


def test_the_kinds_of_a_withdrawal_can_be_chosen(office: Office, publisher: Client) -> None:
    page = publisher.get(f"/items/{office.published()}").content.decode()
    assert re.findall(r'<option value="(error|superseded|expired)"', page) == ["error", "superseded", "expired"]


@pytest.mark.parametrize(("hours", "words"), [(5, "剩 5 小时"), (-3, "超时 3 小时")])
def test_a_reprint_says_how_long_it_has_left(office: Office, editor: Client, hours: float, words: str) -> None:
    page = editor.get(f"/items/{office.reprint('转载通知', '<p>文</p>', hours)}").content.decode()
    assert ("转载时限" in page, words in page) == (True, True)


def test_an_own_item_has_no_deadline(office: Office, editor: Client) -> None:
    assert "转载时限" not in editor.get(f"/items/{office.submitted()}").content.decode()
