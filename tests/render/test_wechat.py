from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.model.channel import Channel, Rendered
from syndicate.model.finding import Severity
from syndicate.model.item import Attachment, Content, FileRole
from syndicate.render.facts import RenderFacts
from syndicate.render.renditions import render

Make = Callable[..., Rendered]
Attach = Callable[..., Attachment]


def test_the_fields_of_a_draft_are_there(rendered: Make) -> None:
    result = rendered("wechat")
    assert result.findings == ()
    assert dict(result.rendition.fields) == {
        "title": "云川县召开防汛工作会议",
        "author": "云川县水利局",
        "digest": "演示样例：云川县召开防汛工作会议。会议要求压实责任。",
        "content_source_url": "https://www.yunchuan.example/news/202611/42.html",
    }


@pytest.mark.parametrize(
    ("change", "field", "most"),
    [("title", "title", 32), ("author", "author", 16), ("summary", "digest", 120)],
)
def test_a_field_over_its_limit_is_broken_off_and_to_be_confirmed(
    rendered: Make, change: str, field: str, most: int
) -> None:
    result = rendered("wechat", **{change: "云" * 200})
    assert result.rendition.fields[field] == "云" * (most - 1) + "…"
    assert [(f.rule, f.severity) for f in result.findings] == [("render.shortened", Severity.CONFIRM)]


def test_a_source_name_that_is_too_long_is_no_author(rendered: Make) -> None:
    result = rendered("wechat", source_name="云川县" * 10)
    assert result.rendition.fields["author"] == ""
    assert result.findings == ()


def test_paragraphs_carry_inline_styles_and_nothing_else(rendered: Make) -> None:
    body = rendered("wechat", body='<p class="x" style="text-align:center">一</p>').rendition.body
    assert '<p style="margin:0 0 1em;text-align:center">一</p>' in body


def test_links_become_text_with_their_address(rendered: Make) -> None:
    body = rendered("wechat", body='<p>见<a href="https://a.example/"><b>甲</b></a>乙</p>').rendition.body
    assert "见<b>甲</b>（https://a.example/）乙" in body
    assert "<a" not in body


def test_a_link_without_inner_elements_becomes_text_too(rendered: Make) -> None:
    body = rendered("wechat", body='<a href="https://a.example/">甲</a>').rendition.body
    assert "甲（https://a.example/）" in body


def test_a_link_whose_text_is_its_address_is_not_doubled(rendered: Make) -> None:
    body = rendered("wechat", body='<a href="https://a.example/">https://a.example/</a>').rendition.body
    assert body.count("https://a.example/") == 1


def test_tables_scroll(rendered: Make) -> None:
    body = rendered("wechat", body="<table><tr><td>一</td></tr></table>尾").rendition.body
    assert '<section style="overflow-x:auto"><table' in body
    assert "</table></section>尾" in body


def test_the_first_picture_is_also_the_cover(rendered: Make, attached: Attach) -> None:
    result = rendered("wechat", body=f'<img src="file:{"a" * 64}">', attachments=(attached("b"), attached("a")))
    assert [(f.sha256[0], f.role) for f in result.rendition.files] == [("a", "image"), ("a", "cover")]


def test_a_picture_beside_the_text_can_be_the_cover(rendered: Make, attached: Attach) -> None:
    attachments = (attached("c", "image/gif"), attached("b", "image/jpeg"))
    assert [(f.sha256[0], f.role) for f in rendered("wechat", attachments=attachments).rendition.files] == [
        ("b", "cover")
    ]


def test_attachments_are_named_and_left_to_our_page(rendered: Make, attached: Attach) -> None:
    pdf = attached("d", "application/pdf", FileRole.ATTACHMENT, name="方案<1>.pdf")
    result = rendered("wechat", attachments=(pdf,))
    assert "附件：方案&lt;1&gt;.pdf。请点击文末“阅读原文”" in result.rendition.body
    assert result.rendition.files == ()


def test_a_long_article_ends_after_a_whole_block_and_points_to_the_full_text(rendered: Make) -> None:
    body = "<div>" + "".join(f"<p>{number}{'云' * 500}</p>" for number in range(60)) + "</div>"
    result = rendered("wechat", body=body)
    assert 18_000 < len(result.rendition.body) < 20_000
    assert "全文请点击文末“阅读原文”" in result.rendition.body
    assert [(f.rule, f.severity) for f in result.findings] == [("render.shortened", Severity.CONFIRM)]
    html5lib.HTMLParser(strict=True).parseFragment(result.rendition.body)


def test_pictures_after_the_end_of_a_shortened_article_are_not_sent(rendered: Make, attached: Attach) -> None:
    body = "".join(f"<p>{'云' * 500}</p>" for _ in range(60)) + f'<img src="file:{"a" * 64}">'
    roles = [file.role for file in rendered("wechat", body=body, attachments=(attached("a"),)).rendition.files]
    assert roles == ["cover"]


@pytest.mark.parametrize("body", ["云" * 30_000, "<p>" + "云" * 30_000 + "</p>"])
def test_one_block_that_does_not_fit_blocks(rendered: Make, body: str) -> None:
    result = rendered("wechat", body=body)
    assert [(f.rule, f.severity) for f in result.findings] == [("render.too_long", Severity.BLOCK)]


def test_an_article_without_a_page_to_read_on_is_to_be_confirmed(
    sample: Callable[..., Content], facts: RenderFacts, account: Callable[..., Channel]
) -> None:
    result = render(sample(source_url=""), replace(facts, page_url=""), account("wechat"))
    assert [f.rule for f in result.findings] == ["render.no_link"]


@given(st.text(max_size=200), st.text(max_size=300))
def test_nothing_in_title_or_source_becomes_markup(
    sample: Callable[..., Content], facts: RenderFacts, account: Callable[..., Channel], title: str, source: str
) -> None:
    content = sample(title=f"<b>{title}", source_name=f"<i>{source}")
    body = render(content, facts, account("wechat")).rendition.body
    assert "<b>" not in body
    assert "<i>" not in body
