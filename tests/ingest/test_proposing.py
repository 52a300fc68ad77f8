"""A page that somebody wants to follow → the way to follow it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.config.folder import OfficeFolder
from syndicate.config.places import Problems
from syndicate.config.presets import read_presets
from syndicate.errors import InputError
from syndicate.ingest.proposing import propose
from syndicate.model.source import Preset, SourceKind
from tests.ingest.conftest import document

ROOT = Path(__file__).parents[2]
LIST = "https://www.example.gov.cn/xw/index.html"


def shipped() -> Mapping[str, Preset]:
    problems = Problems()
    files = OfficeFolder(ROOT, problems).folder("content/presets", ".yaml")
    found = {name: one.preset for name, one in read_presets(files, problems).items()}
    assert not problems.found
    return found


PRESETS = shipped()


def listing(
    links: list[str], row: str = "<li><a href='{}'>云川县召开样例会议第{}次</a><span>2026-11-2{}</span></li>"
) -> str:
    rows = "".join(row.format(link, n, n) for n, link in enumerate(links, 1))
    menu = "<ul class='menu'><li><a href='/a/'>首页</a></li><li><a href='/b/'>机构</a></li><li><a href='/c/'>公开</a></li></ul>"
    return f"<html><head><title>样例要闻_云川县人民政府</title></head><body>{menu}<ul class='news-list'>{rows}</ul></body></html>"


@pytest.mark.parametrize(
    ("links", "family"),
    [
        (["./202611/t20261121_1.html", "./202611/t20261122_2.html", "./202611/t20261123_3.html"], "trs"),
        ([f"/art/2026/11/2{n}/art_12_3{n}.html" for n in (1, 2, 3)], "jcms"),
        ([f"/xw/c1/202611/{str(n) * 32}.shtml" for n in (1, 2, 3)], "kaipu"),
        ([f"info/1006/114{n}.htm" for n in (1, 2, 3)], "vsb"),
    ],
)
def test_a_family_is_known_by_its_signs(links: list[str], family: str) -> None:
    found = propose(document(listing(links), LIST), PRESETS)
    assert (found.preset, [row.title for row in found.rows][:1], len(found.rows)) == (
        family,
        ["云川县召开样例会议第1次"],
        3,
    )


def test_a_page_of_no_family_gets_selectors_of_its_own() -> None:
    found = propose(document(listing(["/a/1", "/a/2", "/a/3"]), LIST), PRESETS)
    assert found.list_rules is not None
    assert (found.list_rules.rows, found.list_rules.url, found.list_rules.published) == (
        "ul.news-list li",
        "a@href",
        "span",
    )
    assert [f"{row.published_at:%m-%d}" for row in found.rows] == ["11-21", "11-22", "11-23"]


def test_titles_that_are_cut_off_are_taken_from_their_attribute() -> None:
    row = "<li><a href='{}' title='云川县召开样例会议全称第{}次'>云川县召开样例…</a><em>2026-11-2{}</em></li>"
    found = propose(document(listing(["/a/1", "/a/2", "/a/3"], row), LIST), PRESETS)
    assert found.rows[0].title == "云川县召开样例会议全称第1次"


def test_a_table_is_a_list_too() -> None:
    rows = "".join(
        f"<tr><td>{n}</td><td><a href='/open/{n}.do'>云川县样例文件第{n}号</a></td><td>2026-11-2{n}</td></tr>"
        for n in (1, 2, 3)
    )
    found = propose(document(f"<table id='list'>{rows}</table>", LIST), {})
    assert (len(found.rows), found.rows[0].published_at is not None) == (3, True)


def test_title_and_unit_come_from_the_window() -> None:
    found = propose(document(listing(["/a/1", "/a/2", "/a/3"]), LIST), PRESETS)
    assert (found.title, found.organ) == ("样例要闻", "云川县人民政府")


def test_feeds_and_json_lists_that_the_page_names_are_told() -> None:
    head = "<link rel='alternate' type='application/rss+xml' href='/feed.xml'><script>load('./LIEBIAO.json')</script>"
    found = propose(document(head + listing(["/a/1", "/a/2", "/a/3"]), LIST), PRESETS)
    assert found.elsewhere == ("https://www.example.gov.cn/feed.xml", "https://www.example.gov.cn/xw/LIEBIAO.json")


def test_a_feed_is_a_feed() -> None:
    body = "<rss version='2.0'><channel><item><title>甲</title><link>/1.html</link></item></channel></rss>"
    assert propose(document(body, LIST), PRESETS).kind is SourceKind.FEED


def test_a_json_feed_is_a_feed() -> None:
    body = '{"version":"https://jsonfeed.org/version/1.1","title":"样例","items":[{"id":"1","url":"/1.html","title":"甲"}]}'
    assert propose(document(body, LIST), PRESETS).kind is SourceKind.FEED


def test_a_sitemap_is_a_sitemap() -> None:
    body = "<urlset><url><loc>https://a.example/1.html</loc></url></urlset>"
    assert propose(document(body, LIST), PRESETS).kind is SourceKind.SITEMAP


def test_the_list_of_gov_cn_is_known() -> None:
    rows = [
        {"TITLE": f"样例文件{n}", "SUB_TITLE": "", "URL": f"/zhengce/{n}.htm", "DOCRELPUBTIME": "2026-11-20"}
        for n in range(4)
    ]
    found = propose(document(json.dumps(rows), "https://www.example.cn/LIEBIAO.json"), PRESETS)
    assert (found.preset, len(found.rows)) == ("ucap", 4)


def test_paths_of_an_unknown_interface_are_found() -> None:
    rows = [
        {
            "id": n,
            "docTitle": f"云川县样例通知第{n}号",
            "docUrl": f"https://a.example/{n}.html",
            "pubTime": "2026-11-20 08:00",
        }
        for n in range(4)
    ]
    found = propose(document(json.dumps({"code": 0, "data": {"list": rows}}), LIST), {})
    assert found.list_rules is not None
    assert (found.list_rules.rows, found.list_rules.url, found.list_rules.title, found.list_rules.published) == (
        "data.list",
        "docUrl",
        "docTitle",
        "pubTime",
    )


@pytest.mark.parametrize("body", ["<html><body><p>没有列表</p></body></html>", "[1, 2]", '{"a": [{"b": 1}]}'])
def test_a_page_without_a_list_is_an_error(body: str) -> None:
    with pytest.raises(InputError) as raised:
        propose(document(body, LIST), PRESETS)
    assert raised.value.message.key == "ingest.no_list_seen"


@given(
    st.one_of(
        st.binary(max_size=300),
        st.recursive(
            st.text(max_size=9),
            lambda inner: st.dictionaries(st.text(max_size=5), st.lists(inner, max_size=4), max_size=4),
            max_leaves=20,
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_any_bytes_give_a_proposal_or_an_input_error(body: bytes) -> None:
    try:
        propose(document(body, LIST), PRESETS)
    except InputError:
        return
