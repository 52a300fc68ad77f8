"""One document from several sources is one item with the text of the highest authority."""

from __future__ import annotations

import pytest

from syndicate.flow.overview import item_page
from syndicate.model.item import ItemState
from syndicate.records import items
from tests.databases import on_one
from tests.flow.web import Beat, Page, article, dumped

TEXT = "".join(
    f"第{n}项：云川县各有关单位要按照样例办法的要求认真组织落实，每季度向县政府报告一次进展。" for n in "一二三四五六"
)
TITLE = "关于印发样例办法的通知"
pytestmark = on_one


def put(
    beat: Beat, source: str, path: str, *, text: str = TEXT, number: str = "", title: str = TITLE, authority: int = 5
) -> None:
    beat.follow(source, "json", authority=authority, article={"body": "#text", "fields": {"发文字号": "#n"}})
    rows = [{"url": f"{beat.web.base}{path}", "title": title, "date": "2026-11-26 10:30"}]
    beat.web.pages[f"/{source}"] = Page(dumped(rows), type="application/json")
    page = article(title, text).replace(b"</body>", f"<i id='n'>{number}</i></body>".encode())
    beat.web.pages[path] = Page(page)


def everything() -> list[int]:
    return [row.id for row in items.listed(list(ItemState), limit=100)]


def test_a_nearly_equal_text_at_another_source_joins(beat: Beat) -> None:
    put(beat, "city", "/c/1.html")
    put(beat, "county", "/d/9.html", text="（样例网讯）" + TEXT)
    beat.one("city")
    assert beat.one("county").new == 0
    (item,) = everything()
    assert [one.source for one in items.sources(item)] == ["city", "county"]


def test_the_same_number_joins_although_the_texts_differ(beat: Beat) -> None:
    put(beat, "city", "/c/1.html", number="云政发〔2026〕3号")
    put(beat, "county", "/d/9.html", number="云政发[2026]3号", text="全文见附件，请各单位认真学习贯彻。")
    beat.sync("city", "county")
    assert len(everything()) == 1


@pytest.mark.parametrize("change", [{"number": "云政发〔2026〕4号"}, {"title": TITLE + "（第二批）"}, {"text": TEXT.replace("每季度", "每2个月")}])  # fmt: skip
def test_look_alikes_stay_two_items(beat: Beat, change: dict[str, str]) -> None:
    put(beat, "city", "/c/1.html", number="云政发〔2026〕3号" if "number" in change else "")
    put(beat, "county", "/d/9.html", **change)  # type: ignore[arg-type]
    beat.one("city")
    beat.one("county")
    assert len(everything()) == 2


def test_two_alike_rows_of_one_source_are_two_documents(beat: Beat) -> None:
    put(beat, "city", "/c/1.html")
    rows = [{"url": f"{beat.web.base}/c/{n}.html", "title": TITLE, "date": "2026-11-26 10:30"} for n in (1, 2)]
    beat.web.pages["/city"] = Page(dumped(rows), type="application/json")
    beat.web.pages["/c/2.html"] = beat.web.pages["/c/1.html"]
    beat.one("city")
    assert len(everything()) == 2


def test_the_text_of_a_higher_authority_replaces_a_lower_ones(beat: Beat) -> None:
    put(beat, "county", "/d/9.html", authority=4)
    put(beat, "state", "/s/1.html", text="（国务院文本）" + TEXT, authority=1)
    beat.one("county")
    beat.one("state")
    page = item_page(beat.desk.workspace, everything()[0])
    assert "国务院文本" in page.revision.content.body
    assert (page.original and page.original.source, page.item.state) == ("state", ItemState.SUBMITTED)


def test_a_lower_authority_changes_nothing(beat: Beat) -> None:
    put(beat, "state", "/s/1.html", authority=1)
    put(beat, "county", "/d/9.html", text="（县级文本）" + TEXT, authority=4)
    beat.one("state")
    beat.one("county")
    page = item_page(beat.desk.workspace, everything()[0])
    assert (page.revision.number, page.original and page.original.source) == (1, "state")


def test_a_change_at_a_source_whose_text_is_not_ours_changes_nothing(beat: Beat) -> None:
    put(beat, "state", "/s/1.html", authority=1)
    put(beat, "county", "/d/9.html", text="（县级文本）" + TEXT, authority=4)
    beat.one("state")
    beat.one("county")
    rows = [{"url": f"{beat.web.base}/d/9.html", "title": TITLE + "！", "date": "2026-11-26 10:30"}]
    beat.web.pages["/county"] = Page(dumped(rows), type="application/json")
    assert beat.one("county").changed == 0


def test_editors_see_every_source_and_how_it_was_known(beat: Beat) -> None:
    put(beat, "city", "/c/1.html")
    put(beat, "county", "/d/9.html")
    beat.one("city")
    beat.one("county")
    page = item_page(beat.desk.workspace, everything()[0])
    joined = [row.data for row in page.audit if row.action == "item.joined"]
    assert (len(page.sources), joined) == (2, [{"source": "county", "by": "text"}])
