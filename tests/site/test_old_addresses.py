"""What becomes of an old address: it stays, nginx leads on from it, or it is lost because it is ours."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.site.old_addresses import OLD, OldPlace, Ours, is_ours, names_of, old_place, plan_old
from syndicate.site.pages import Pages
from syndicate.site.paths import is_safe

OURS = Ours("https://www.yunchuan.example", frozenset({"news", "policy"}), "202611")
HOST = "http://old.yunchuan.example"


def place(path: str, ours: Ours = OURS) -> OldPlace:
    return old_place(f"{HOST}{path}", ours)


@pytest.mark.parametrize(
    ("path", "stays"),
    [
        ("/art/2019/5/6/art_12_345.html", "art/2019/5/6/art_12_345.html"),
        ("/zwgk/t20190506_1.shtml", "zwgk/t20190506_1.shtml"),
        ("/2019/05/sample-7/", "2019/05/sample-7/index.html"),
        ("/node/12", "node/12/index.html"),
        ("/12345.htm", "12345.htm"),
        ("/news/content/t20190506_1.html", "news/content/t20190506_1.html"),
        ("/news/201905/77.html", "news/201905/77.html"),
    ],
)
def test_a_plain_path_to_a_page_stays(path: str, stays: str) -> None:
    assert place(path).address == stays


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/show.php?id=7", "/show.php?id=7"),
        ("/?p=123", "/?p=123"),
        ("/index.html?id=7", "/index.html?id=7"),
        ("/article.jsp", "/article.jsp"),
        ("/2019/%E4%BA%91%E5%B7%9D/", "/2019/%E4%BA%91%E5%B7%9D/"),
        ("/2019/云川/", "/2019/%E4%BA%91%E5%B7%9D/"),
        ("/upload/2019/table.pdf", "/upload/2019/table.pdf"),
        ("/a.html/b.html", "/a.html/b.html"),
        ("/.hidden/a.html", "/.hidden/a.html"),
        (f"/{'a' * 210}.html", f"/{'a' * 210}.html"),
        ('/a"b;c{d}.jsp', "/a%22b;c%7Bd%7D.jsp"),
    ],
)
def test_what_can_be_no_page_of_a_file_is_led_on_by_nginx(path: str, key: str) -> None:
    assert place(path) == OldPlace("", key)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/index.html",
        "/404.html",
        "/news/",
        "/news/index.html",
        "/news/p3.html",
        "/news/rss.xml",
        "/sitemap.xml",
        "/news/202611/7.html",
        "/news/202801/7.html",
        "/files/7/a.html",
        "/search",
        "/disclosure/index.html",
        "/news",
    ],
)
def test_an_address_of_ours_neither_stays_nor_leads_anywhere(path: str) -> None:
    assert place(path) == OldPlace("", "")


def test_an_address_longer_than_a_map_can_hold_is_lost() -> None:
    assert place(f"/show.php?id={'7' * 1_000}") == OldPlace("", "")


def test_below_a_site_in_a_folder_only_its_own_paths_stay() -> None:
    ours = replace(OURS, site_url="https://www.yunchuan.example/portal")
    assert place("/portal/art/1.html", ours).address == "art/1.html"
    assert place("/art/1.html", ours) == OldPlace("", "/art/1.html")


@given(st.text(max_size=60), st.text(max_size=20))
def test_whatever_stays_is_safe_to_write_and_never_ours(path: str, query: str) -> None:
    found = old_place(f"{HOST}/{path}{'?' if query else ''}{query}", OURS)
    if found.address:
        assert is_safe(found.address)
        assert not is_ours(found.address, OURS)
        assert len(found.address) <= 255


@given(st.text(max_size=60), st.text(max_size=20))
def test_no_key_can_end_a_line_of_the_map(path: str, query: str) -> None:
    key = old_place(f"{HOST}/{path}?{query}", OURS).key
    assert re.fullmatch(r"[!-~]*", key)
    assert not set(key) & set("\"'\\{}$")


def test_the_map_leads_from_old_to_new_and_a_page_stands_at_an_old_list(pages: Pages) -> None:
    moved = [(f"{HOST}/show.php?id=7", "news/202611/9.html"), (f"{HOST}/up/a.pdf", "files/9/abc.pdf")]
    lists = {f"{HOST}/col/col12/": "news", f"{HOST}/list.php?cid=3": "policy", f"{HOST}/gone/": "no-column"}
    ours = replace(OURS, columns=names_of(pages.facts.columns))
    (plan,) = plan_old(pages, ours, lists, moved)
    assert [page.path for page in plan.pages] == ["col/col12/index.html"]
    assert b"../../news/index.html" in plan.pages[0].data
    (written,) = plan.maps
    assert written.path == OLD
    assert written.data.decode().splitlines() == [
        '"/col/col12/" /news/;',
        '"/list.php?cid=3" /policy/;',
        '"/show.php?id=7" /news/202611/9.html;',
        '"/up/a.pdf" /files/9/abc.pdf;',
    ]


def test_an_old_list_of_a_renamed_column_leads_to_its_new_name(pages: Pages) -> None:
    column = replace(pages.facts.columns["news"], name="xinwen", former=("news",))
    renamed = Pages(replace(pages.facts, columns={"xinwen": column}))
    ours = replace(OURS, columns=names_of(renamed.facts.columns))
    assert ours.columns == {"xinwen", "news"}
    (plan,) = plan_old(renamed, ours, {f"{HOST}/col12/": "news"}, [])
    assert plan.maps[0].data == b'"/col12/" /xinwen/;\n'


def test_without_anything_imported_nothing_is_planned(pages: Pages) -> None:
    assert list(plan_old(pages, OURS, {}, [])) == []
