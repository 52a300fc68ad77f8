"""Pictures that no platform would take are named at review time."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image

from syndicate.flow.checking import check_revision
from syndicate.model.finding import Severity
from syndicate.model.item import Attachment, FileRole
from syndicate.records import items
from tests.flow.office import CONTENT, Desk


def _png(width: int = 40, height: int = 30) -> bytes:
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


def _found(desk: Desk, data: bytes | None) -> list[tuple[str, Severity, str]]:
    sha256 = "a" * 64 if data is None else desk.workspace.files.put(data)
    picture = Attachment("现场.png", sha256, "image/png", 100, FileRole.IMAGE)
    body = f'<p>城区三条道路今日恢复通行。</p><p><img src="file:{sha256}"></p>'
    item = desk.submitted("website", content=replace(CONTENT, body=body, attachments=(picture,)))
    found = check_revision(desk.workspace, items.get(item), items.latest_revision(item))
    return [(one.rule, one.severity, one.part) for one in found]


def test_a_sound_picture_is_no_finding(desk: Desk) -> None:
    assert _found(desk, _png()) == []


def test_a_picture_that_is_gone_from_the_store_blocks(desk: Desk) -> None:
    assert _found(desk, None) == [("check.picture_gone", Severity.BLOCK, "attachment:现场.png")]


def test_a_page_saved_as_a_picture_must_be_looked_at(desk: Desk) -> None:
    found = _found(desk, b"<!DOCTYPE html><title>404</title>")
    assert found == [("check.picture_broken", Severity.CONFIRM, "attachment:现场.png")]


def test_a_picture_with_more_pixels_than_platforms_take_must_be_looked_at(desk: Desk) -> None:
    assert [rule for rule, _, _ in _found(desk, _png(8000, 8000))] == ["check.picture_pixels"]


def test_a_picture_that_is_lost_between_two_reviews_stops_the_approval(desk: Desk) -> None:
    sha256 = desk.workspace.files.put(_png())
    picture = Attachment("现场.png", sha256, "image/png", 100, FileRole.IMAGE)
    body = f'<p>城区三条道路今日恢复通行。</p><p><img src="file:{sha256}"></p>'
    item = desk.submitted("website", content=replace(CONTENT, body=body, attachments=(picture,)))
    desk.workspace.files.path(sha256).unlink()
    assert [one.rule for one in desk.approve(item).sent_back] == ["check.picture_gone"]
