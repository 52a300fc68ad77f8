"""What arrives, but not whole, is named in its delivery with the next action."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image

from syndicate.channels.drawing import find_font
from syndicate.channels.remarks import remark
from syndicate.model.delivery import DeliveryState
from syndicate.model.item import Attachment, FileRole
from syndicate.sandbox.faults import Fault, FaultKind
from tests.flow.office import CONTENT, Desk


def _png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(out, "PNG")
    return out.getvalue()


def _with_picture(desk: Desk, channel: str) -> tuple[int, str]:
    """An approved item with a sound picture, and the picture's hash."""
    sha256 = desk.workspace.files.put(_png())
    picture = Attachment("现场.png", sha256, "image/png", 100, FileRole.IMAGE)
    body = f'<p>城区三条道路今日恢复通行。</p><p><img src="file:{sha256}" alt="现场"></p>'
    return desk.approved(channel, content=replace(CONTENT, body=body, attachments=(picture,))), sha256


def _told(desk: Desk, item: int, channel: str) -> str:
    desk.settle(timedelta(hours=4))
    row = desk.delivery(item, channel)
    assert row.state is DeliveryState.DELIVERED
    return f"{row.message.zh}{row.message.action_zh}" if row.message else ""


@pytest.mark.parametrize("channel", ["wechat", "weibo"])
def test_a_whole_delivery_says_nothing(desk: Desk, channel: str) -> None:
    item, _ = _with_picture(desk, channel)
    assert _told(desk, item, channel) == ""


@pytest.mark.parametrize("channel", ["wechat", "weibo"])
def test_a_picture_that_became_unreadable_after_the_approval_is_named(desk: Desk, channel: str) -> None:
    item, sha256 = _with_picture(desk, channel)
    desk.workspace.files.path(sha256).write_bytes(b"<html>404</html>")
    told = _told(desk, item, channel)
    assert "1 张图片没有带上：文件不是能用的图片" in told
    assert "请换一张 JPG 或 PNG" in told


def test_a_picture_that_was_lost_after_the_approval_is_named(desk: Desk) -> None:
    item, sha256 = _with_picture(desk, "wechat")
    desk.workspace.files.path(sha256).unlink()
    assert "图片文件在本机已丢失。请从备份恢复" in _told(desk, item, "wechat")


def test_a_picture_that_the_platform_refuses_is_named_with_its_code(desk: Desk) -> None:
    desk.strike(Fault("wechat", FaultKind.CODE, endpoint="*uploadimg*", code=40137))
    item, _ = _with_picture(desk, "wechat")
    assert "平台拒收（代码 40137）" in _told(desk, item, "wechat")


def test_characters_that_the_ticker_lacks_are_named(desk: Desk) -> None:
    item = desk.approved("led", content=replace(CONTENT, title="𠮷祥街😀恢复通行"))
    told = _told(desk, item, "led")
    assert "𠮷、😀" in told
    assert "换用常用字" in told


@pytest.mark.skipif(find_font() is None, reason="no CJK font: apt-get install fonts-noto-cjk")
def test_an_item_on_the_screen_with_its_slide_says_nothing(desk: Desk) -> None:
    assert _told(desk, desk.approved("led"), "led") == ""


def test_a_screen_without_a_font_says_how_to_get_one() -> None:
    told = remark({"seq": "1", "slide": "no_font"})
    assert told is not None
    assert "fonts-noto-cjk" in told.action_zh
