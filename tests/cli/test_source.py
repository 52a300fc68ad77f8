"""Sources as a person types them: sync, list, test; on small feeds that carry their whole text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.sandbox.folder_server import FolderServer
from tests.cli.terminal import Office

SOURCE = """title: 样例信源{name}
kind: feed
url: http://{host}/{name}.xml
column: news
organ: 样例县政府办
full_text: true
allow: ["{host}"]
"""
FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>样例</title><link>http://{host}/</link><description>样例</description>
<item><title>样例要闻{name}</title><link>http://{host}/{name}/1.html</link><guid>{name}-1</guid>
<pubDate>Thu, 26 Nov 2026 09:00:00 +0800</pubDate>
<description>&lt;p&gt;{name}县城三条道路今日恢复通行，请市民按标志行驶。&lt;/p&gt;</description></item></channel></rss>
"""


@pytest.fixture
def following(office: Office, tmp_path: Path) -> Iterator[Office]:
    """The office follows two feeds on one machine, `one` and `two`."""
    site = tmp_path / "site"
    site.mkdir()
    server = FolderServer(site)
    host = server.start().removeprefix("http://")
    folder = office.home / "content" / "sources"
    folder.mkdir(exist_ok=True)
    for name in ("one", "two"):
        (folder / f"{name}.yaml").write_text(SOURCE.format(name=name, host=host), "utf-8")
        (site / f"{name}.xml").write_text(FEED.format(name=name, host=host), "utf-8")
    try:
        yield office
    finally:
        server.stop()


def feed(tmp_path: Path, name: str) -> Path:
    return tmp_path / "site" / f"{name}.xml"


def test_one_source_is_synced_and_its_progress_goes_to_stderr(following: Office) -> None:
    answer = following("sync", "one")
    assert answer.code == 0
    assert answer.err == "[1/1] one：有新稿\n"
    assert "one" in answer.out
    assert [row["title"] for row in following("queue", "--json").document] == ["样例要闻one"]


def test_with_json_stdout_is_one_document_and_stderr_is_empty(following: Office) -> None:
    answer = following("sync", "one", "--json")
    assert answer.err == ""
    assert [(one["source"], one["result"], one["new"]) for one in answer.document] == [("one", "new", 1)]


def test_a_second_sync_of_the_same_source_brings_nothing_new(following: Office) -> None:
    following("sync", "one")
    (second,) = following("sync", "one", "--json").document
    assert (second["result"], second["new"]) == ("nothing_new", 0)


def test_a_source_that_fails_is_exit_1_and_stops_no_other(following: Office, tmp_path: Path) -> None:
    feed(tmp_path, "one").unlink()
    answer = following("sync", "--json")
    assert answer.code == 1
    results = {one["source"]: one for one in answer.document}
    assert results["one"]["result"] not in ("new", "nothing_new")
    assert results["one"]["why"]["action_zh"]
    assert results["two"]["result"] == "new"


def test_a_feed_that_became_a_web_page_is_an_alarm(following: Office, tmp_path: Path) -> None:
    feed(tmp_path, "one").write_text("<!doctype html><html><body><p>系统维护中</p></body></html>", "utf-8")
    answer = following("sync", "one", "--json")
    assert answer.code == 1
    assert answer.document[0]["result"] in ("parser_broken", "empty_list")


def test_sources_are_listed_with_how_they_are(following: Office) -> None:
    before = following("source", "list")
    assert before.code == 0
    assert "尚未采集" in before.out
    following("sync", "one")
    rows = following("source", "list", "--json").document
    assert {row["source"]["name"]: row["health"]["result"] for row in rows} == {"one": "new", "two": None}


def test_trying_a_source_shows_every_stage_and_stores_nothing(following: Office) -> None:
    answer = following("source", "test", "one")
    assert answer.code == 0, answer.err
    for text in ("请求", "HTTP 200", "列表", "文章标题：样例要闻one", "正文"):
        assert text in answer.out
    assert following("queue", "--json").document == []


def test_trying_a_broken_source_says_where_it_failed_with_exit_1(following: Office, tmp_path: Path) -> None:
    feed(tmp_path, "one").unlink()
    answer = following("source", "test", "one")
    assert answer.code == 1
    assert "404" in answer.err


def test_trying_a_broken_source_with_json_puts_the_error_into_the_document(following: Office, tmp_path: Path) -> None:
    feed(tmp_path, "one").unlink()
    answer = following("source", "test", "one", "--json")
    assert answer.code == 1
    assert answer.document["error"]["zh"]
    assert answer.document["rows"] == []


def test_an_item_is_shown_with_its_deadline_and_an_address_that_can_be_opened(following: Office) -> None:
    following("sync", "one")
    shown = following("show", "1").out
    assert ("转载时限" in shown, "http://" in shown, "/one/1.html" in shown) == (True, True, True)
