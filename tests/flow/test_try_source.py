"""试读信源: every stage of one look is shown, the first trouble is told, and nothing is stored."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.errors import NotFound
from syndicate.flow.try_source import Trial, try_source
from syndicate.model.item import ItemState
from syndicate.net.fetcher import Fetcher
from syndicate.records import items, sources
from tests.databases import on_one
from tests.flow.web import QUICK, Beat, Page, article, rss

pytestmark = on_one


def _try(beat: Beat, name: str = "city") -> Trial:
    fetcher = Fetcher(clock=beat.desk.workspace.now, gap=timedelta(0), limits=QUICK)
    return try_source(beat.desk.workspace, fetcher, name)


def _stages(trial: Trial) -> dict[str, str]:
    return dict(trial.stages)


def test_a_good_source_has_no_error(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1)
    assert _try(beat).error is None


def test_the_request_is_shown_with_status_size_and_address(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1)
    shown = _stages(_try(beat))["请求"]
    assert ("HTTP 200" in shown, f"{beat.web.base}/city" in shown) == (True, True)


def test_the_list_says_how_many_rows_have_no_date(beat: Beat) -> None:
    beat.follow("city")
    entries = ({"title": f"样例{n}", "link": f"{beat.web.base}/{n}.html"} for n in (1, 2))
    beat.web.pages["/city"] = Page(rss(*entries))
    beat.web.pages["/1.html"] = Page(article("样例1"))
    assert "2 行，其中 2 行没有日期" in _stages(_try(beat))["列表"]


def test_the_first_rows_are_shown(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", *range(9))
    assert len(_try(beat).rows) == 5


def test_the_first_article_is_shown_field_by_field(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1)
    stages = _stages(_try(beat))
    assert (stages["文章标题"], stages["来源"], stages["警示"]) == ("样例通知第1号", "样例市政府办", "无")


def test_the_files_of_the_article_are_named_and_not_fetched(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1)
    beat.web.pages["/1.html"] = Page(article("样例通知第1号", body="<img src='/a.png'>"))
    shown = _stages(_try(beat))["附件与图片"]
    assert (f"{beat.web.base}/a.png" in shown, beat.web.count("/a.png")) == (True, 0)


def test_nothing_is_stored(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1)
    _try(beat)
    assert (items.counted(list(ItemState)), sources.seen("city"), sources.health("city").result) == (0, {}, None)


def test_an_unknown_source_is_not_found(beat: Beat) -> None:
    with pytest.raises(NotFound):
        _try(beat, "nowhere")


def test_a_list_that_is_gone_is_told_and_no_stage_is_shown(beat: Beat) -> None:
    beat.follow("city", "json")
    trial = _try(beat)
    assert (trial.error and trial.error.key, "列表" in _stages(trial)) == ("net.gone", False)


def test_a_list_that_cannot_be_read_shows_the_stages_before_it(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.web.pages["/city"] = Page(article("首页"))
    trial = _try(beat)
    assert (trial.error and trial.error.key, "请求" in _stages(trial)) == ("ingest.html_instead_of_json", True)


def test_an_article_that_is_gone_shows_the_list(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.list("city", 1)
    trial = _try(beat)
    assert (trial.error and trial.error.key, "列表" in _stages(trial)) == ("net.gone", True)


def test_an_empty_list_has_no_article_to_show(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.web.pages["/city"] = Page(b"[]")
    trial = _try(beat)
    assert (trial.error, "文章标题" in _stages(trial)) == (None, False)


def test_an_address_inside_a_private_network_is_told_with_what_to_do(beat: Beat) -> None:
    beat.follow("city", "json", url="http://10.0.0.1/list", allow=[])
    error = _try(beat).error
    assert (error and error.key, bool(error and error.action_zh)) == ("net.private", True)


@pytest.mark.parametrize(("organ", "listed"), [("样例市政府办", True), ("别的单位", False)])
def test_a_unit_that_is_not_listed_is_told_before_anything_is_stored(beat: Beat, organ: str, listed: bool) -> None:
    beat.follow("city", "json", organ=organ)
    beat.publish("city", 1)
    assert ("不在稿源名单内" not in _stages(_try(beat))["来源"]) is listed
