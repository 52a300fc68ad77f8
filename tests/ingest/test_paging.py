"""Further pages of a list: where the families of publishing systems put them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.ingest.paging import (
    next_address,
    number_of,
    page_address,
    page_count,
    proposed_paging,
    question,
    second_number,
)
from syndicate.model.source import Asking, PageNumbers, Paging
from tests.ingest.conftest import HTML, JSON, document

LIST = "https://www.example.gov.cn/xw/index.html"
DOWN = replace(HTML, paging=Paging("{stem}/{page}{suffix}", PageNumbers.DESCENDING))


@pytest.mark.parametrize(
    ("url", "address", "expected"),
    [
        (LIST, "index_{page}.html", "https://www.example.gov.cn/xw/index_2.html"),
        (LIST, "{stem}_{page}{suffix}", "https://www.example.gov.cn/xw/index_2.html"),
        ("https://a.example/xw/", "{stem}_{page}{suffix}", "https://a.example/xw/index_2.html"),
        ("https://a.example/gfxwj/zfxxgk_gknrz.shtml", "{stem}_{page}{suffix}", "https://a.example/gfxwj/zfxxgk_gknrz_2.shtml"),
        ("https://a.example/List.aspx?ThemeId=2", "?ThemeId=2&page={page}", "https://a.example/List.aspx?ThemeId=2&page=2"),
        ("https://a.example/i.jsp?a=1&p=1&b=2", "&p={page}", "https://a.example/i.jsp?a=1&b=2&p=2"),
        ("https://a.example/i.jsp", "&p={page}", "https://a.example/i.jsp?p=2"),
        ("https://a.example/list.htm", "{stem}/{page}{suffix}", "https://a.example/list/2.htm"),
        ("https://a.example/api", "", "https://a.example/api"),
    ],
)  # fmt: skip
def test_page_two_stands_where_the_family_puts_it(url: str, address: str, expected: str) -> None:
    assert page_address(url, Paging(address), 2) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("<script>createPageHTML(25, 0,'index','html');</script>", 25),
        ('<script>createPageHTML("7",0,"index","html")</script>', 7),
        ("<script>var totalPage = 12;</script>", 12),
        ("<script>pageCount:'30'</script>", 30),
        ("<p>共 5 页</p>", None),
    ],
)
def test_the_count_of_pages_is_read_from_scripts(text: str, count: int | None) -> None:
    assert page_count(document(text)) == count


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ('<nextgroup><![CDATA[<a href="/m/dataproxy.jsp?page=2&amp;id=7"></a>]]></nextgroup>', "https://a.example/m/dataproxy.jsp?page=2&id=7"),
        ("<NEXTGROUP>\n<![CDATA[<a href='./dataproxy.jsp?page=2&id=7'></a>]]></NEXTGROUP>", "https://a.example/l/dataproxy.jsp?page=2&id=7"),
        ("<nextgroup></nextgroup><record><![CDATA[x]]></record>", ""),
        ('<nextgroup><![CDATA[<a href="javascript:next()"></a>]]></nextgroup>', ""),
        ("no group", ""),
    ],
)  # fmt: skip
def test_a_linked_list_names_its_next_page(text: str, address: str) -> None:
    assert next_address(document(text, "https://a.example/l/index.html")) == address


@given(st.text(max_size=200).map(lambda text: f"<nextgroup>{text}</nextgroup>"))
def test_any_text_of_a_next_group_is_an_address_or_none(text: str) -> None:
    found = next_address(document(text, LIST))
    assert not found or found.startswith("http")


HTM = "https://a.example/x/list.htm"


@pytest.mark.parametrize(
    ("url", "link", "expected"),
    [
        ("https://a.example/x/", "https://a.example/x/index_1.html", Paging("index_{page}.html", PageNumbers.PROBE)),
        ("https://a.example/x/", "https://a.example/x/index_2.shtml", Paging("index_{page}.shtml", PageNumbers.PROBE)),
        ("https://a.example/x/a.shtml", "https://a.example/x/a_2.shtml", Paging("{stem}_{page}{suffix}", PageNumbers.PROBE)),
        ("https://a.example/x/a.html", "https://a.example/x/a-2.html", Paging("{stem}-{page}{suffix}", PageNumbers.PROBE)),
        (HTM, "https://a.example/x/list/41.htm", Paging("{stem}/{page}{suffix}", PageNumbers.DESCENDING)),
        ("https://a.example/i.jsp?c=1", "https://a.example/i.jsp?c=1&cur_page=2", Paging("&cur_page={page}")),
        ("https://a.example/i.aspx", "https://a.example/i.aspx?PageIndex=2", Paging("&PageIndex={page}")),
        ("https://a.example/i.aspx", "https://a.example/i.aspx?year=2", None),
        ("https://a.example/x/a.html", "https://a.example/x/a_9.html", None),
        ("https://a.example/x/a.html", "https://b.example/x/a_2.html", None),
        ("https://a.example/x/a.html", "https://a.example/x/b_2.html", None),
        ("https://a.example/x/a.html", "https://a.example/x/a_2.shtml", None),
        ("https://a.example/x/a.html", "https://a.example/y/other.aspx?page=2", None),
    ],
)  # fmt: skip
def test_links_tell_how_a_list_is_paged(url: str, link: str, expected: Paging | None) -> None:
    assert proposed_paging(["https://a.example/", link], url) == expected


def test_a_proposed_paging_leads_to_the_link_that_it_was_made_of() -> None:
    paging = proposed_paging(["https://a.example/i.jsp?c=1&p=2"], "https://a.example/i.jsp?c=1")
    assert paging is not None
    assert page_address("https://a.example/i.jsp?c=1", paging, 2) == "https://a.example/i.jsp?c=1&p=2"


def test_numbers_go_up_from_two_from_one_or_down() -> None:
    numbers = [number_of(3, one, 11) for one in (PageNumbers.FROM_TWO, PageNumbers.FROM_ONE, PageNumbers.DESCENDING)]
    assert numbers == [3, 2, 10]


def test_the_second_number_of_a_descending_list_is_the_largest_that_its_links_carry() -> None:
    links = '<a href="list/11.htm">下页</a><a href="list/1.htm">尾页</a><a href="/other/99.htm">x</a>'
    page = document(links, "https://a.example/list.htm")
    assert second_number(DOWN, page) == 11


def test_without_links_the_count_tells_the_second_number() -> None:
    assert second_number(DOWN, document("<script>pageCount=9</script>", "https://a.example/list.htm")) == 8


def test_a_descending_list_of_one_page_has_no_second() -> None:
    assert second_number(DOWN, document("<p>一页</p>", "https://a.example/list.htm")) is None


def test_a_list_that_goes_up_needs_no_second_number() -> None:
    assert second_number(replace(HTML, paging=Paging("?p={page}")), document("<p>一页</p>")) is None


def test_the_number_of_the_page_goes_into_the_question() -> None:
    asking = Asking('{"pageNum": {page}, "title": "通知"}')
    assert question(replace(JSON, asking=asking), 3) == ('{"pageNum": 3, "title": "通知"}'.encode(), "application/json")


def test_a_source_that_is_read_by_get_asks_no_question() -> None:
    assert question(JSON, 3) is None


@given(st.binary(max_size=400))
def test_any_bytes_have_a_count_or_none(body: bytes) -> None:
    assert page_count(document(b"x" + body)) is None or True


@given(st.text(max_size=100), st.integers(0, 999))
def test_any_pattern_gives_an_address_or_none(address: str, number: int) -> None:
    found = page_address(LIST, Paging(address), number)
    assert found == "" or found.startswith(("http://", "https://"))
