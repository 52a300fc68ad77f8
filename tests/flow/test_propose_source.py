"""A new source from an address alone: proposed, written, followed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.errors import ConfigurationError, Conflict, InputError, UsageError
from syndicate.flow.propose_source import Proposed, propose_source, save_source
from syndicate.flow.try_source import try_source
from syndicate.model.source import PageNumbers, Paging
from syndicate.net.fetcher import Fetcher
from tests.databases import on_one
from tests.flow.web import QUICK, Beat, Page, article

pytestmark = on_one
ROWS = "".join(
    f"<li><a href='./202611/t2026112{n}_{n}.html'>云川县样例通知第{n}号</a><span>2026-11-2{n}</span></li>"
    for n in (1, 2, 3)
)
LIST = f"<html><head><title>样例要闻_云川县人民政府</title></head><body><ul class='x'>{ROWS}</ul></body></html>"


def propose(beat: Beat, name: str = "county", column: str = "") -> Proposed:
    beat.web.pages["/xw/"] = Page(LIST.encode())
    for n in (1, 2, 3):
        beat.web.pages[f"/xw/202611/t2026112{n}_{n}.html"] = Page(article(f"云川县样例通知第{n}号"))
    fetcher = Fetcher(clock=beat.desk.workspace.now, gap=timedelta(0), limits=QUICK)
    return propose_source(beat.desk.workspace, fetcher, f"{beat.web.base}/xw/", name, column, (beat.web.host,))


def test_a_known_family_needs_five_lines(beat: Beat) -> None:
    lines = [line for line in propose(beat).text.splitlines() if not line.startswith(("#", "allow", "-"))]
    assert [line.partition(":")[0] for line in lines] == ["preset", "title", "url", "column", "organ"]


def test_the_first_rows_are_shown(beat: Beat) -> None:
    proposed = propose(beat)
    assert (proposed.count, proposed.rows[0].title, proposed.family) == (3, "云川县样例通知第1号", "TRS WCM（拓尔思）")


def test_nothing_is_written_until_somebody_says_so(beat: Beat) -> None:
    propose(beat)
    assert not (beat.desk.home / "content/sources/county.yaml").exists()


def test_a_saved_proposal_can_be_followed_at_once(beat: Beat) -> None:
    save_source(beat.desk.workspace, propose(beat))
    beat.desk.reload()
    assert beat.one("county").new == 3


def test_every_stage_of_a_saved_proposal_can_be_seen(beat: Beat) -> None:
    save_source(beat.desk.workspace, propose(beat))
    beat.desk.reload()
    trial = try_source(
        beat.desk.workspace, Fetcher(clock=beat.desk.workspace.now, gap=timedelta(0), limits=QUICK), "county"
    )
    names = [name for name, _ in trial.stages]
    assert trial.error is None
    assert names == ["robots.txt", "请求", "防护页", "编码", "列表", "文章", "文章标题", "发布时间", "来源", "作者", "字段", "正文", "附件与图片", "警示"]  # fmt: skip


def test_a_source_that_exists_is_not_overwritten(beat: Beat) -> None:
    proposed = propose(beat)
    save_source(beat.desk.workspace, proposed)
    with pytest.raises(Conflict):
        save_source(beat.desk.workspace, proposed)


def test_a_proposal_that_does_not_fit_leaves_no_file(beat: Beat) -> None:
    with pytest.raises(ConfigurationError):
        save_source(beat.desk.workspace, propose(beat, column="nowhere"))
    assert not (beat.desk.home / "content/sources/county.yaml").exists()


@pytest.mark.parametrize("name", ["../x", "X", "a/b", "x" * 80])
def test_a_name_that_is_no_file_name_is_refused(beat: Beat, name: str) -> None:
    with pytest.raises(UsageError):
        propose(beat, name)


def test_a_name_is_made_from_the_address(beat: Beat) -> None:
    assert propose(beat, "").name == "source-127-xw"


def test_a_guards_page_is_no_list(beat: Beat) -> None:
    beat.web.pages["/xw/"] = Page("<html><body>网防G01 请求被拦截</body></html>".encode())
    fetcher = Fetcher(clock=beat.desk.workspace.now, gap=timedelta(0), limits=QUICK)
    with pytest.raises(InputError):
        propose_source(beat.desk.workspace, fetcher, f"{beat.web.base}/xw/", "a", "", (beat.web.host,))


PLAIN = "".join(
    f"<li><a href='/zwgk/{n}/content.html'>云川县样例通知第{n}号</a><b>2026-11-2{n}</b></li>" for n in (3, 2, 1)
)


def proposed(beat: Beat, more: str) -> Proposed:
    page = f"<html><head><title>要闻_云川县</title></head><body><ul class='x'>{PLAIN}</ul>{more}</body></html>"
    beat.web.pages["/news/"] = Page(page.encode())
    fetcher = Fetcher(clock=beat.desk.workspace.now, gap=timedelta(0), limits=QUICK)
    return propose_source(beat.desk.workspace, fetcher, f"{beat.web.base}/news/", "a", "", (beat.web.host,))


def test_a_list_of_an_unknown_system_is_proposed_with_its_pages(beat: Beat) -> None:
    found = proposed(beat, "<p>1 <a href='index_2.html'>2</a> <a href='index_2.html'>下一页</a></p>")
    save_source(beat.desk.workspace, found)
    beat.desk.reload()
    source = beat.desk.workspace.snapshot.sources["a"]
    assert (source.list_rules and source.list_rules.published, source.paging) == (
        "b",
        Paging("index_{page}.html", PageNumbers.PROBE),
    )


@pytest.mark.parametrize("more", ["", "<a href='index_2.html'>样例专题</a>", "<a href='/other/2.html'>下一页</a>"])
def test_without_links_between_pages_no_paging_is_proposed(beat: Beat, more: str) -> None:
    assert "paging" not in proposed(beat, more).text
