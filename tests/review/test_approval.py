"""An approval is bound to everything a reader could see: any change gives another hash."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.model.channel import FileReference, Rendition
from syndicate.model.item import Attachment, Content, FileRole, ItemKind
from syndicate.review.approval import approval_hash

FILE = Attachment("附件1.pdf", "a" * 64, "application/pdf", 10, FileRole.ATTACHMENT)
CONTENT = Content(
    title="样例标题",
    body="<p>样例正文</p>",
    kind=ItemKind.ORIGINAL,
    source_name="样例县政府办",
    source_url="https://example.org/1",
    published_at=datetime(2026, 11, 26, tzinfo=UTC),
    author="样例作者",
    summary="样例摘要",
    fields={"索引号": "样例-1"},
    attachments=(FILE,),
)
REFERENCE = FileReference("b" * 64, "图1.png", "image/png", "image")
RENDITION = Rendition("weibo", {"text": "样例短文"}, "<p>正文</p>", (REFERENCE,))
OTHER = Rendition("website", {"title": "样例标题"}, "<p>样例正文</p>")
APPROVED = approval_hash(CONTENT, "news", [RENDITION, OTHER])

CONTENT_CHANGES = {
    "title": "别的标题",
    "body": "<p>别的正文</p>",
    "kind": ItemKind.REPRINT,
    "source_name": "别的来源",
    "source_url": "https://example.org/2",
    "published_at": datetime(2026, 11, 27, tzinfo=UTC),
    "author": "别人",
    "summary": "别的摘要",
    "fields": {"索引号": "样例-2"},
    "attachments": (),
}
FILE_CHANGES = {"name": "附件2.pdf", "sha256": "c" * 64, "role": FileRole.IMAGE}
RENDITION_CHANGES = {"channel": "led", "fields": {"text": "别的短文"}, "body": "<p>改</p>", "files": ()}
REFERENCE_CHANGES = {"sha256": "d" * 64, "name": "图2.png", "media_type": "image/gif", "role": "cover"}


@pytest.mark.parametrize("part", CONTENT_CHANGES)
def test_a_change_of_the_content_voids_the_approval(part: str) -> None:
    changed = replace(CONTENT, **{part: CONTENT_CHANGES[part]})
    assert approval_hash(changed, "news", [RENDITION, OTHER]) != APPROVED


@pytest.mark.parametrize("part", FILE_CHANGES)
def test_a_change_of_an_attachment_voids_the_approval(part: str) -> None:
    changed = replace(CONTENT, attachments=(replace(FILE, **{part: FILE_CHANGES[part]}),))
    assert approval_hash(changed, "news", [RENDITION, OTHER]) != APPROVED


@pytest.mark.parametrize("part", RENDITION_CHANGES)
def test_a_change_of_a_rendition_voids_the_approval(part: str) -> None:
    changed = replace(RENDITION, **{part: RENDITION_CHANGES[part]})
    assert approval_hash(CONTENT, "news", [changed, OTHER]) != APPROVED


@pytest.mark.parametrize("part", REFERENCE_CHANGES)
def test_a_change_of_a_file_of_a_rendition_voids_the_approval(part: str) -> None:
    changed = replace(RENDITION, files=(replace(REFERENCE, **{part: REFERENCE_CHANGES[part]}),))
    assert approval_hash(CONTENT, "news", [changed, OTHER]) != APPROVED


def test_another_column_voids_the_approval() -> None:
    assert approval_hash(CONTENT, "policy", [RENDITION, OTHER]) != APPROVED


def test_a_channel_more_or_less_voids_the_approval() -> None:
    assert approval_hash(CONTENT, "news", [RENDITION]) != APPROVED


def test_the_order_of_the_renditions_does_not_matter() -> None:
    assert approval_hash(CONTENT, "news", [OTHER, RENDITION]) == APPROVED


def test_the_same_moment_in_another_zone_is_no_change() -> None:
    elsewhere = CONTENT.published_at.astimezone(timezone(timedelta(hours=8)))
    assert approval_hash(replace(CONTENT, published_at=elsewhere), "news", [RENDITION, OTHER]) == APPROVED


@given(st.text(), st.text())
def test_any_two_different_texts_have_different_hashes(one: str, other: str) -> None:
    first, second = replace(CONTENT, body=one), replace(CONTENT, body=other)
    assert (approval_hash(first, "news", []) == approval_hash(second, "news", [])) == (one == other)


@given(st.text(), st.text())
def test_text_cannot_move_from_one_field_to_the_next_unnoticed(one: str, other: str) -> None:
    first, second = replace(CONTENT, title=one + other, body=""), replace(CONTENT, title=one, body=other)
    assert (first.hash == second.hash) == (other == "")
