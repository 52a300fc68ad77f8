"""Articles of several pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import InputError
from syndicate.ingest.continuations import joined, next_page
from syndicate.model.item import Content, Extracted, FileRole, ItemKind, WantedFile
from tests.ingest.conftest import document

FIRST = "https://www.example.gov.cn/xw/t20261123_1.html"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("<a href='t20261123_1_1.html'>下一页</a>", "https://www.example.gov.cn/xw/t20261123_1_1.html"),
        ("<a href='./t20261123_1_2.html'>[下一页]</a>", "https://www.example.gov.cn/xw/t20261123_1_2.html"),
        ("<a href='?page=2'>下一页 ></a>", "https://www.example.gov.cn/xw/t20261123_1.html?page=2"),
        (
            "<script>createPageHTML(3, 0, 't20261123_1', 'html')</script>",
            "https://www.example.gov.cn/xw/t20261123_1_1.html",
        ),
        ("<script>createPageHTML(1, 0, 't20261123_1', 'html')</script>", ""),
        ("<a href='t20261124_2.html'>下一篇</a>", ""),
        ("<a href='t20261124_2.html'>下一页</a>", ""),
        ("<a href='index_2.html'>下一页</a>", ""),
        ("<a href='https://elsewhere.example/xw/t20261123_1_2.html'>下一页</a>", ""),
        ("<a href='javascript:void(0)'>下一页</a>", ""),
        ("<a href='#'>下一页</a>", ""),
        ("<p>正文到此为止</p>", ""),
    ],
)
def test_the_next_page_of_the_same_article_is_found_and_nothing_else(link: str, expected: str) -> None:
    assert next_page(document(f"<html><body><p>正文</p>{link}</body></html>", FIRST), FIRST) == expected


def test_pages_are_joined_in_order_and_facts_are_the_first_pages() -> None:
    first, second = (
        Extracted(Content(title, f"<p>{title}</p>", ItemKind.REPRINT, "样例"), (WantedFile("https://a.example/a.pdf", "a.pdf", FileRole.ATTACHMENT),), ("ingest.no_date",))
        for title in ("甲", "乙")
    )  # fmt: skip
    whole = joined((first, second))
    assert (whole.content.title, whole.content.body, len(whole.wanted)) == ("甲", "<p>甲</p>\n<p>乙</p>", 1)


def test_a_page_that_repeats_another_one_is_not_joined_twice() -> None:
    one = Extracted(Content("甲", "<p>甲</p>", ItemKind.REPRINT, "样例"))
    assert joined((one, one)).content.body == "<p>甲</p>"


@given(st.binary(max_size=300))
def test_any_bytes_have_a_next_page_or_none(body: bytes) -> None:
    try:
        next_page(document(body, FIRST), FIRST)
    except InputError:
        return


BAR = "".join(f"<a href='t20261123_1{n}.html'>【{number}】</a>" for number, n in enumerate(("", "-2", "-3"), start=1))


@pytest.mark.parametrize(("here", "following"), [("", "-2"), ("-2", "-3"), ("-3", None)])
def test_a_bar_of_numbers_leads_from_page_to_page(here: str, following: str | None) -> None:
    url = FIRST.replace(".html", f"{here}.html")
    found = next_page(document(f"<html><body><p>正文</p>{BAR}</body></html>", url), FIRST)
    assert found == ("" if following is None else FIRST.replace(".html", f"{following}.html"))


@pytest.mark.parametrize("bar", ["<a href='/2026/'>【2】</a>", "<a href='t20261124_2.html'>2</a>", "<a href='t20261123_1_2.html'>2026</a>"])  # fmt: skip
def test_numbers_that_lead_elsewhere_are_no_pages(bar: str) -> None:
    assert next_page(document(f"<html><body><p>正文</p>{bar}</body></html>", FIRST), FIRST) == ""
