from __future__ import annotations

from collections.abc import Callable

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


def test_the_fields_say_place_source_and_times(rendered: Make) -> None:
    fields = rendered("website", author="示例作者").rendition.fields
    assert fields["address"] == "news/202611/42.html"
    assert fields["column"] == "news"
    assert fields["kind"] == "reprint"
    assert fields["source_name"] == "云川县水利局"
    assert fields["source_url"] == "http://water.yunchuan.example/1.html"
    assert fields["source_published_at"] == "2026-11-24T16:05:00+08:00"
    assert fields["author"] == "示例作者"


def test_an_unknown_time_at_the_source_is_the_empty_text(rendered: Make) -> None:
    assert rendered("website", published_at=None).rendition.fields["source_published_at"] == ""


def test_official_fields_that_are_filled_in_become_fields(rendered: Make) -> None:
    fields = rendered("website", fields={"索引号": " 示例/2026-00001 ", "主题词": ""}).rendition.fields
    assert fields["field:索引号"] == "示例/2026-00001"
    assert "field:主题词" not in fields


def test_the_summary_is_an_excerpt_where_none_is_given(rendered: Make) -> None:
    assert rendered("website").rendition.fields["summary"].startswith("演示样例：云川县召开")
    assert rendered("website", summary="给定").rendition.fields["summary"] == "给定"


def test_the_same_input_gives_the_same_hash(rendered: Make) -> None:
    assert rendered("website").rendition.hash == rendered("website").rendition.hash


def test_styles_become_classes_so_that_the_page_needs_no_inline_style(rendered: Make) -> None:
    body = rendered("website", body='<p style="text-align:center">一</p><p align="right">二</p>').rendition.body
    assert body == '<p class="align-center">一</p><p class="align-right">二</p>'


def test_a_heading_of_the_first_level_gives_way_to_the_title_of_the_page(rendered: Make) -> None:
    assert rendered("website", body="<h1>一</h1>").rendition.body == "<h2>一</h2>"


def test_a_table_scrolls_in_its_own_frame(rendered: Make) -> None:
    body = rendered("website", body="<table><tr><td>一</td></tr></table>尾").rendition.body
    assert body.startswith('<div class="table" role="region" tabindex="0" aria-label="表格"><table>')
    assert body.endswith("</table></div>尾")


def test_links_to_other_sites_are_marked(rendered: Make) -> None:
    body = rendered("website", body='<a href="https://a.example/">甲</a>').rendition.body
    assert 'class="external"' in body
    assert 'rel="noopener noreferrer"' in body


def test_a_picture_of_the_revision_stays_with_an_alternative_text(rendered: Make, attached: Attach) -> None:
    result = rendered("website", body=f'<img src="file:{"a" * 64}">', attachments=(attached("a"),))
    assert result.findings == ()
    assert 'alt=""' in result.rendition.body
    assert [(file.sha256, file.role) for file in result.rendition.files] == [("a" * 64, "image")]


def test_a_picture_from_elsewhere_is_left_out_with_a_finding(rendered: Make) -> None:
    result = rendered("website", body='<p>文<img src="https://a.example/x.png">尾</p>')
    assert "img" not in result.rendition.body
    assert "尾" in result.rendition.body
    assert [(f.rule, f.severity, f.part) for f in result.findings] == [
        ("render.lost_picture", Severity.CONFIRM, "rendition:website")
    ]


def test_a_link_to_a_file_that_is_not_attached_blocks(rendered: Make) -> None:
    result = rendered("website", body=f'<a href="file:{"b" * 64}">附件</a>')
    assert "file:" not in result.rendition.body
    assert [f.severity for f in result.findings] == [Severity.BLOCK]


@pytest.mark.parametrize("media_type", ["image/svg+xml", "text/html", "application/x-msdownload", ""])
def test_files_that_can_carry_scripts_or_are_unknown_block_and_are_not_named(
    rendered: Make, attached: Attach, media_type: str
) -> None:
    result = rendered("website", attachments=(attached("c", media_type, FileRole.ATTACHMENT),))
    assert result.rendition.files == ()
    assert [f.rule for f in result.findings] == ["render.file_type"]


def test_files_named_in_the_body_come_first_and_the_others_follow(rendered: Make, attached: Attach) -> None:
    pdf = attached("1", "application/pdf", FileRole.ATTACHMENT)
    docx = attached("2", "application/msword", FileRole.ATTACHMENT)
    body = f'<a href="file:{"2" * 64}">附件</a>'
    files = rendered("website", body=body, attachments=(pdf, docx)).rendition.files
    assert [file.sha256[0] for file in files] == ["2", "1"]


def test_a_picture_over_the_limit_is_left_out_with_a_finding(rendered: Make, attached: Attach) -> None:
    picture = attached("a", size=21_000_000)
    result = rendered("website", body=f'<img src="file:{"a" * 64}">', attachments=(picture,))
    assert [f.rule for f in result.findings] == ["render.picture_size"]


def test_uyghur_and_emoji_survive(rendered: Make) -> None:
    body = rendered("website", body="<p>قاراماي 😀</p>").rendition.body
    assert body == "<p>قاراماي 😀</p>"


_PIECES = [
    "<p>",
    "</p>",
    "<table>",
    "<tr>",
    "<td>",
    "<b>",
    "</b>",
    "<ul>",
    "<li>",
    "<h1>",
    "文",
    "&lt;",
    "<img src=x>",
    "<center>",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=25))
def test_no_markup_breaks_out_of_its_frame(
    sample: Callable[..., Content], facts: RenderFacts, account: Callable[..., Channel], pieces: list[str]
) -> None:
    body = render(sample(body="".join(pieces)), facts, account("website")).rendition.body
    page = html5lib.parse(f"<main><div>{body}</div></main><footer>尾</footer>", namespaceHTMLElements=False)
    assert [child.tag for child in page.find("body")] == ["main", "footer"]
    assert page.find("body/footer").text == "尾"
