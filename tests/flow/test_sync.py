"""采集: every trouble of a source is a result of its own, recorded with the next action, and stops no other source."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from syndicate.errors import NotFound
from syndicate.flow import attention
from syndicate.flow.sync import sync
from syndicate.model.item import ItemState
from syndicate.model.source import SyncResult
from syndicate.net.fetcher import Fetcher
from syndicate.net.limits import Limits
from syndicate.records import items, sources
from tests.databases import on_one
from tests.flow.office import PUBLISHER
from tests.flow.web import QUICK, SHORT, Beat, Page, article, dumped, rss

pytestmark = on_one
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
XML = "application/xml"


def _titles() -> list[str]:
    rows = items.listed(list(ItemState), limit=100)
    return [revision.content.title for revision in items.latest_revisions([row.id for row in rows]).values()]


def _states() -> list[ItemState]:
    return [row.state for row in items.listed(list(ItemState), limit=100)]


def _feed(beat: Beat, *numbers: int) -> bytes:
    return rss(*({"title": f"样例通知第{n}号", "link": f"{beat.web.base}/{n}.html", "guid": str(n)} for n in numbers))


# The good day


def test_new_articles_are_submitted_for_review(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1, 2)
    beat.one("city")
    assert _states() == [ItemState.SUBMITTED, ItemState.SUBMITTED]


def test_a_look_tells_how_many_are_new(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1, 2)
    found = beat.one("city")
    assert (found.result, found.new, found.changed, found.failed) == (SyncResult.NEW, 2, 0, 0)


def test_an_html_list_is_followed(beat: Beat) -> None:
    beat.follow("county", "html")
    beat.publish("county", 1)
    beat.web.pages["/county"] = Page(b"<html><body><ul><li><a href='/1.html'>x</a></li></ul></body></html>")
    assert beat.one("county").new == 1


def test_nothing_new_is_a_result_of_its_own(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1)
    beat.one("city")
    assert beat.one("city").result is SyncResult.NOTHING_NEW


def test_articles_that_are_known_are_not_fetched_again(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1)
    beat.one("city")
    beat.one("city")
    assert beat.web.count("/1.html") == 1


def test_results_come_in_the_order_of_the_configuration(beat: Beat) -> None:
    for name in ("b", "a", "c"):
        beat.follow(name, "json")
    found = beat.sync()
    assert [one.source for one in found] == list(beat.desk.workspace.snapshot.sources)


def test_every_result_is_told_as_soon_as_it_is_there(beat: Beat) -> None:
    beat.follow("city", "json")
    told: list[str] = []
    fetcher = Fetcher(clock=beat.desk.workspace.now, gap=timedelta(0), limits=QUICK)
    sync(beat.desk.workspace, fetcher, (), lambda one: told.append(one.source))
    assert told == ["city"]


def test_an_unknown_source_is_not_found(beat: Beat) -> None:
    with pytest.raises(NotFound):
        beat.sync("nowhere")


def test_only_sources_that_are_due_are_looked_at(beat: Beat) -> None:
    beat.follow("often", "json", interval="10m")
    beat.follow("seldom", "json", interval="2h")
    for name in ("often", "seldom"):
        beat.publish(name, 1)
    beat.sync()
    beat.desk.wait(HOUR)
    beat.sync()
    assert (beat.web.count("/often"), beat.web.count("/seldom")) == (2, 1)


# What is new


def test_the_first_look_takes_only_the_newest_of_an_archive(beat: Beat) -> None:
    beat.follow("city", "json", first_run=3)
    beat.publish("city", *range(12))
    assert beat.one("city").new == 3


def test_what_belongs_to_the_archive_stays_there(beat: Beat) -> None:
    beat.follow("city", "json", first_run=1)
    beat.publish("city", 1, 2, 3)
    beat.one("city")
    beat.list("city", 1, 2, 3, date="2026-11-25 08:00")
    assert (beat.one("city").new, len(_titles())) == (0, 1)


def test_a_late_article_with_an_old_date_at_the_end_of_the_list_arrives(beat: Beat) -> None:
    beat.follow("city", "json", first_run=1)
    beat.publish("city", 1, 2)
    beat.one("city")
    row = {"url": f"{beat.web.base}/old.html", "title": "补发的旧文", "date": "2019-03-01"}
    rows = [
        {"url": f"{beat.web.base}/{n}.html", "title": f"样例通知第{n}号", "date": "2026-11-26 10:30"} for n in (1, 2)
    ]
    beat.web.pages["/old.html"] = Page(article("补发的旧文", meta={"PubDate": "2019-03-01"}))
    beat.web.pages["/city"] = Page(dumped([*rows, row]), type="application/json")
    beat.one("city")
    assert "补发的旧文" in _titles()


def test_a_first_look_whose_articles_failed_leaves_none_of_them_to_the_archive(beat: Beat) -> None:
    beat.follow("city", "json", first_run=2)
    beat.list("city", 1, 2)
    beat.one("city")
    beat.publish("city", 1, 2, 3, 4)
    assert beat.one("city").new == 4


# One article


def test_an_article_that_is_gone_does_not_stop_its_list(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1, 3)
    beat.list("city", 1, 2, 3)
    found = beat.one("city")
    assert (found.new, found.failed) == (2, 1)


def test_an_article_that_was_gone_arrives_when_it_is_there(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1)
    beat.list("city", 1, 2)
    beat.one("city")
    beat.publish("city", 1, 2)
    assert (beat.one("city").new, len(_titles())) == (1, 2)


def test_articles_that_failed_are_counted_and_the_first_reason_is_told(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.list("city", 1, 2, 3)
    why = beat.one("city").why
    assert why is not None
    assert why.values["count"] == 3
    assert "HTTP 404" in why.zh


def test_the_reason_for_failed_articles_is_told_in_the_readers_language(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.list("city", 1)
    why = beat.one("city").why
    assert why is not None
    assert "does not exist" in why.en


def test_a_source_with_failed_articles_is_shown_to_people(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.list("city", 1)
    beat.one("city")
    assert [source.name for source, _ in attention.attention(beat.desk.workspace, PUBLISHER).sources] == ["city"]


def test_a_list_with_failed_articles_is_fetched_whole_next_time(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.list("city", 1, etag='"a"')
    beat.one("city")
    beat.publish("city", 1, etag='"a"')
    assert beat.one("city").new == 1


def test_a_guard_before_an_article_is_no_article(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1)
    beat.web.pages["/1.html"] = Page(GUARD)
    why = beat.one("city").why
    assert (_titles(), why and why.key) == ([], "sync.articles_failed")


def test_an_error_nobody_foresaw_in_one_article_does_not_stop_the_list(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1)
    rows = [{"url": url, "title": "样例通知"} for url in ("http://elsewhere.example/1.html", f"{beat.web.base}/1.html")]
    beat.web.pages["/city"] = Page(dumped(rows), type="application/json")

    def resolve(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        if host == "elsewhere.example":
            raise KeyError(host)
        return [(0, 0, 0, "", (host, 0))]

    fetcher = Fetcher(clock=beat.desk.workspace.now, gap=timedelta(0), limits=QUICK, resolve=resolve)
    (found,) = sync(beat.desk.workspace, fetcher, ["city"])
    assert (found.new, found.failed) == (1, 1)


# Changes


def test_an_unchanged_list_is_asked_for_with_its_etag(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1, etag='"a"')
    beat.one("city")
    beat.one("city")
    assert [headers.get("If-None-Match") for path, headers in beat.web.asked if path == "/city"] == [None, '"a"']


def test_an_unchanged_list_has_nothing_new(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1, etag='"a"')
    beat.one("city")
    assert beat.one("city").result is SyncResult.NOTHING_NEW


def test_the_etag_of_an_unchanged_list_is_kept(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1, etag='"a"')
    for _ in range(2):
        beat.one("city")
    assert sources.health("city").etag == '"a"'


def test_a_changed_article_is_read_again(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1)
    beat.one("city")
    beat.web.pages["/1.html"] = Page(article("样例通知第1号（修订）"))
    beat.list("city", 1, title="样例通知第1号（修订）")
    assert (beat.one("city").changed, _titles()) == (1, ["样例通知第1号（修订）"])


def test_a_change_of_an_item_that_is_on_its_way_out_waits(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1)
    (item,) = beat.one("city").items
    beat.desk.approve(item, PUBLISHER, undo=HOUR)
    beat.web.pages["/1.html"] = Page(article("样例通知第1号（修订）"))
    beat.list("city", 1, title="样例通知第1号（修订）", etag='"b"')
    found = beat.one("city")
    assert (found.changed, found.postponed) == (0, 1)


def test_a_change_that_waited_is_taken_although_the_list_did_not_change_again(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1)
    (item,) = beat.one("city").items
    beat.desk.approve(item, PUBLISHER, undo=HOUR)
    beat.web.pages["/1.html"] = Page(article("样例通知第1号（修订）"))
    beat.list("city", 1, title="样例通知第1号（修订）", etag='"b"')
    beat.one("city")
    beat.desk.settle()
    assert beat.one("city").changed == 1


# Troubles of a whole source

GUARD = (
    "<html><head><title>安全验证</title></head><body><script>location.reload()</script>"
    "<p>请完成安全验证 网站防火墙 您的请求已被拦截</p></body></html>"
).encode()


def _big(_: Beat) -> Page:
    def body() -> Iterator[bytes]:
        yield b'<?xml version="1.0"?><rss version="2.0"><channel>'
        for _ in range(50):
            yield b"<!-- -->" * 131_072

    return Page(body, type=XML)


def _packed(_: Beat) -> Page:
    return Page(gzip.compress(b" " * 50_000_000), headers={"Content-Encoding": "gzip"}, type=XML)


def _to(address: str) -> Callable[[Beat], Page]:
    return lambda _: Page(status=302, headers={"Location": address})


def _plain(body: bytes, status: int = 200, **headers: str) -> Callable[[Beat], Page]:
    return lambda _: Page(body, status, headers, XML)


TROUBLES: dict[str, tuple[Callable[[Beat], Page], Limits, SyncResult, str]] = {
    "empty document": (_plain(b""), QUICK, SyncResult.PARSER_BROKEN, "ingest.empty_body"),
    "feed without entries": (_plain(rss()), QUICK, SyncResult.EMPTY_LIST, "sync.empty_list"),
    "page instead of a feed": (
        _plain(article("首页")),
        QUICK,
        SyncResult.PARSER_BROKEN,
        "ingest.html_instead_of_feed",
    ),
    "no feed at all": (_plain(b"\x00\x01\x02 none"), QUICK, SyncResult.PARSER_BROKEN, "ingest.not_a_feed"),
    "50 MB": (_big, QUICK, SyncResult.FAILED, "net.too_large"),
    "50 MB, packed": (_packed, QUICK, SyncResult.FAILED, "net.too_large"),
    "dripping for ever": (lambda b: Page(b.web.never, type=XML), SHORT, SyncResult.FAILED, "net.deadline"),
    "never answering": (lambda b: Page(b.web.silence, type=XML), SHORT, SyncResult.FAILED, "net.timeout"),
    "redirect to this machine": (_to("http://127.0.0.1:9/"), QUICK, SyncResult.FAILED, "net.private"),
    "redirect to a private address": (_to("http://10.0.0.1/"), QUICK, SyncResult.FAILED, "net.private"),
    "redirect to the cloud's metadata": (_to("http://169.254.169.254/"), QUICK, SyncResult.FAILED, "net.reserved"),
    "redirect to a file": (_to("file:///etc/passwd"), QUICK, SyncResult.FAILED, "net.scheme"),
    "redirect to itself": (_to("/city"), QUICK, SyncResult.FAILED, "net.redirects"),
    "gone": (_plain(b"", 404), QUICK, SyncResult.FAILED, "net.gone"),
    "login": (_plain(b"", 401), QUICK, SyncResult.FAILED, "net.login"),
    "server error": (_plain(b"", 500), QUICK, SyncResult.FAILED, "net.server"),
    "asked for quiet": (_plain(b"", 429, **{"Retry-After": "600"}), QUICK, SyncResult.FAILED, "net.quiet"),
    "wall 403": (_plain(b"", 403), QUICK, SyncResult.WALL, "net.wall"),
    "wall 412": (_plain(b"", 412), QUICK, SyncResult.WALL, "net.wall"),
    "wall 521": (_plain(b"", 521), QUICK, SyncResult.WALL, "net.wall"),
}
JSON_TROUBLES = {
    "page instead of JSON": (article("首页"), "ingest.html_instead_of_json"),
    "no JSON": (b"{1", "ingest.not_json"),
    "object instead of a list": (b'{"rows": 1}', "ingest.rows_missing"),
    "rows without an address": (b'[{"title": "x"}]', "ingest.fields_missing"),
    "rows that are no objects": (b'[1, "two", null, [3]]', "ingest.fields_missing"),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_a_trouble_has_its_own_result_and_message(beat: Beat, name: str) -> None:
    make, limits, result, key = TROUBLES[name]
    beat.follow("city")
    beat.web.pages["/city"] = make(beat)
    found = beat.one("city", limits)
    health, (look,) = sources.health("city"), sources.looks_between(beat.desk.now, beat.desk.now + MINUTE)
    known = [(one.result, message and message.key) for one, message in ((health, health.message), (look, look.message))]
    assert [(found.result, found.why and found.why.key), *known] == [(result, key)] * 3


@pytest.mark.parametrize("name", JSON_TROUBLES)
def test_a_json_list_of_another_shape_is_a_broken_parser(beat: Beat, name: str) -> None:
    body, key = JSON_TROUBLES[name]
    beat.follow("city", "json")
    beat.web.pages["/city"] = Page(body, type="application/json")
    found = beat.one("city")
    assert (found.result, found.why and found.why.key) == (SyncResult.PARSER_BROKEN, key)


def test_an_empty_json_list_is_an_alarm(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.web.pages["/city"] = Page(b"[]", type="application/json")
    assert beat.one("city").result is SyncResult.EMPTY_LIST


def test_an_html_list_whose_selector_matches_nothing_is_an_alarm(beat: Beat) -> None:
    beat.follow("county", "html")
    beat.web.pages["/county"] = Page(article("改版后的首页"))
    assert beat.one("county").result is SyncResult.EMPTY_LIST


def test_a_guard_that_answers_with_success_is_a_wall(beat: Beat) -> None:
    beat.follow("city")
    beat.web.pages["/city"] = Page(GUARD)
    found = beat.one("city")
    assert (found.result, found.why and found.why.key) == (SyncResult.WALL, "sync.wall")


def test_every_trouble_tells_the_next_action_in_both_languages(beat: Beat) -> None:
    beat.follow("city")
    untold = []
    for name, (make, limits, _, _) in TROUBLES.items():
        beat.web.pages["/city"] = make(beat)
        beat.desk.wait(HOUR)
        beat.one("city", limits)
        message = sources.health("city").message
        untold += [name] if message is None or not (message.action_zh and message.action_en) else []
    assert untold == []


def test_sources_in_trouble_change_nothing_for_the_others(beat: Beat) -> None:
    # A host that asks for quiet gets it, from every source that follows it.
    chosen = [make for name, (make, _, _, _) in TROUBLES.items() if name != "asked for quiet"]
    for number, make in enumerate(chosen):
        beat.follow(f"bad{number}")
        beat.web.pages[f"/bad{number}"] = make(beat)
    beat.follow("good", "json")
    beat.publish("good", 1, 2)
    assert {one.source: one.new for one in beat.sync(limits=SHORT) if one.new} == {"good": 2}


def test_an_error_nobody_foresaw_is_recorded_as_a_result(beat: Beat) -> None:
    beat.follow("city", "json")

    def resolve(*_: object, **__: object) -> list[tuple[object, ...]]:
        raise KeyError

    fetcher = Fetcher(clock=beat.desk.workspace.now, gap=timedelta(0), limits=QUICK, resolve=resolve)
    sync(beat.desk.workspace, fetcher)
    health = sources.health("city")
    assert (health.result, health.message and health.message.key) == (SyncResult.FAILED, "sync.mistake")


def test_a_bomb_of_entities_is_not_expanded(beat: Beat) -> None:
    beat.follow("city")
    levels = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    doctype = f'<!DOCTYPE rss [<!ENTITY e0 "笑">{levels}]>'.encode()
    feed = _feed(beat, 1).replace(b"<rss", doctype + b"<rss").replace("样例通知".encode(), b"&e9;")
    beat.web.pages["/city"] = Page(feed, type=XML)
    beat.web.pages["/1.html"] = Page(article("正常标题"))
    beat.one("city")
    assert _titles() == ["正常标题"]


def test_an_external_entity_is_not_read(beat: Beat) -> None:
    beat.follow("city")
    doctype = f'<!DOCTYPE rss [<!ENTITY file SYSTEM "{beat.web.base}/secret">]>'.encode()
    feed = _feed(beat, 1).replace(b"<rss", doctype + b"<rss").replace("样例通知".encode(), b"&file;")
    beat.web.pages |= {"/city": Page(feed, type=XML), "/1.html": Page(article("正常标题"))}
    beat.one("city")
    assert beat.web.count("/secret") == 0


def test_the_whole_entries_of_a_feed_that_was_cut_off_arrive(beat: Beat) -> None:
    beat.follow("city")
    beat.publish("city", 1, 2, 3)
    feed = _feed(beat, 1, 2, 3)
    beat.web.pages["/city"] = Page(feed[: feed.index("第3号".encode()) + 4], type=XML)
    assert beat.one("city").new == 2


def test_the_entry_that_was_cut_off_arrives_with_the_whole_feed(beat: Beat) -> None:
    beat.follow("city")
    beat.publish("city", 1, 2, 3)
    feed = _feed(beat, 1, 2, 3)
    beat.web.pages["/city"] = Page(feed[: feed.index("第3号".encode()) + 4], type=XML)
    beat.one("city")
    beat.web.pages["/city"] = Page(feed, type=XML)
    assert (beat.one("city").new, len(_titles())) == (1, 3)


def test_a_feed_in_gbk_that_says_utf_8_is_read_as_it_is(beat: Beat) -> None:
    beat.follow("city", full_text=True)
    entry = {
        "title": "关于开展安全检查的通知",
        "guid": "1",
        "description": "各单位：现将有关事项通知如下，请遵照执行。",
    }
    beat.web.pages["/city"] = Page(rss(entry).decode().encode("gbk"), type="application/xml; charset=utf-8")
    beat.one("city")
    assert _titles() == ["关于开展安全检查的通知"]


# How a source is


def test_the_wait_doubles_with_every_failure(beat: Beat) -> None:
    beat.follow("city", interval="30m")
    waits = []
    for _ in range(3):
        beat.one("city")
        waits.append((sources.health("city").next_look_at or beat.desk.now) - beat.desk.now)
    assert waits == [HOUR, 2 * HOUR, 4 * HOUR]


def test_a_source_is_never_given_up(beat: Beat) -> None:
    beat.follow("city", interval="30m")
    for _ in range(12):
        beat.one("city")
    assert sources.health("city").next_look_at == beat.desk.now + 6 * HOUR


def test_a_good_look_ends_the_back_off(beat: Beat) -> None:
    beat.follow("city", "json", interval="30m")
    for _ in range(3):
        beat.one("city")
    beat.publish("city", 1)
    beat.one("city")
    assert sources.health("city").next_look_at == beat.desk.now + HOUR / 2


def test_a_trouble_keeps_what_the_last_good_look_knew(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1, etag='"a"')
    beat.one("city")
    good = sources.health("city")
    beat.desk.wait(HOUR)
    del beat.web.pages["/city"]
    beat.one("city")
    now = sources.health("city")
    assert (now.last_success_at, now.last_new_at, now.etag) == (good.last_success_at, good.last_new_at, '"a"')


def test_a_source_that_is_quiet_for_too_long_is_an_alarm(beat: Beat) -> None:
    beat.follow("city", "json", silence="3d")
    beat.publish("city", 1)
    beat.one("city")
    beat.desk.wait(timedelta(days=3, hours=1))
    assert beat.one("city").result is SyncResult.SILENT


def test_silence_says_since_when(beat: Beat) -> None:
    beat.follow("city", "json", silence="12h")
    beat.publish("city", 1)
    beat.one("city")
    beat.desk.wait(13 * HOUR)
    why = beat.one("city").why
    assert why is not None
    assert "2026-11-26 12:00" in why.zh


def test_silence_counts_from_the_first_look_where_all_was_archive(beat: Beat) -> None:
    beat.follow("city", "json", silence="3d", first_run=0)
    beat.publish("city", 1)
    beat.one("city")
    beat.desk.wait(timedelta(days=3, hours=1))
    assert beat.one("city").result is SyncResult.SILENT


def test_a_new_article_ends_the_silence(beat: Beat) -> None:
    beat.follow("city", "json", silence="3d")
    beat.publish("city", 1)
    beat.one("city")
    beat.desk.wait(timedelta(days=4))
    beat.one("city")
    beat.publish("city", 1, 2)
    assert beat.one("city").result is SyncResult.NEW


def test_an_unchanged_list_does_not_hide_silence(beat: Beat) -> None:
    beat.follow("city", "json", silence="3d")
    beat.publish("city", 1, etag='"a"')
    beat.one("city")
    beat.desk.wait(timedelta(days=4))
    assert beat.one("city").result is SyncResult.SILENT
