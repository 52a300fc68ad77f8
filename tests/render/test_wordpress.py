"""The rendition for a CMS: what its own pages do not say stands in the text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from syndicate.model.channel import Channel, Rendered
from syndicate.model.item import Attachment, Content, FileRole
from syndicate.model.office import Office, Snapshot
from syndicate.model.review import WithdrawalKind
from syndicate.render.facts import RenderFacts, render_facts
from syndicate.render.notice import render_notice

Make = Callable[..., Rendered]
Attach = Callable[..., Attachment]
MIDNIGHT_IN_CHINA = datetime(2026, 11, 30, 16, 30, tzinfo=UTC)


def test_a_post_has_a_name_that_never_changes(rendered: Make) -> None:
    assert rendered("wordpress").rendition.fields["slug"] == "syndicate-42-202611"


def test_the_source_stands_above_the_text(rendered: Make) -> None:
    body = rendered("wordpress").rendition.body
    assert body.startswith(
        '<p class="source">来源：<a href="http://water.yunchuan.example/1.html">云川县水利局</a></p>'
    )
    assert "会议要求压实责任" in body


def test_a_source_with_markup_stays_text(rendered: Make) -> None:
    assert "<b>" not in rendered("wordpress", source_name="<b>水利局</b>").rendition.body


def test_our_own_text_has_no_line_of_source(rendered: Make) -> None:
    assert "来源" not in rendered("wordpress", source_name="", source_url="").rendition.body


def test_attachments_that_the_text_does_not_name_follow_it(rendered: Make, attached: Attach) -> None:
    files = tuple(attached(one, "application/pdf", FileRole.ATTACHMENT, name=f"表{one}.pdf") for one in "ab")
    body = rendered("wordpress", body=f'<p><a href="file:{"a" * 64}">见表</a></p>', attachments=files).rendition.body
    assert body.count(f"file:{'a' * 64}") == 1
    assert body.endswith(f'<p class="attachment">附件：<a href="file:{"b" * 64}">表b.pdf</a></p>')


def test_a_notice_is_marked_and_stands_under_the_name_of_its_post(
    sample: Callable[..., Content], facts: RenderFacts, account: Callable[..., Channel]
) -> None:
    notice = render_notice(WithdrawalKind.ERROR, sample(), facts, account("wordpress"))
    assert notice.fields["slug"] == "syndicate-42-202611"
    assert notice.body.startswith('<div data-notice="error"><p>')


@pytest.mark.parametrize(
    ("kinds", "url"),
    [
        (("wordpress",), "https://cms.example/syndicate-7-202612.html"),
        (("website", "wordpress"), "https://www.yunchuan.example/news/202612/7.html"),
    ],
)
def test_others_link_to_the_post_only_where_the_office_has_no_other_website(
    office: Office, facts: RenderFacts, account: Callable[..., Channel], kinds: tuple[str, ...], url: str
) -> None:
    settings = {"page_url": "https://cms.example/{slug}.html"}
    channels = {kind: replace(account(kind), settings=settings) for kind in kinds}
    snapshot = Snapshot("0", office, {"news": facts.column}, {}, channels, (), {})
    assert render_facts(snapshot, 7, "news", MIDNIGHT_IN_CHINA).page_url == url


def test_without_a_known_form_of_address_others_have_no_link(
    office: Office, facts: RenderFacts, account: Callable[..., Channel]
) -> None:
    snapshot = Snapshot("0", office, {"news": facts.column}, {}, {"cms": account("wordpress")}, (), {})
    assert render_facts(snapshot, 7, "news", MIDNIGHT_IN_CHINA).page_url == ""
