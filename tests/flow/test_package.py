"""人工任务包: what a person pastes is what was approved, with every file and every step."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from syndicate.errors import NotFound, StorageError
from syndicate.flow.overview import item_page
from syndicate.flow.package import Package, open_packages, package, write_packages, zipped
from syndicate.flow.resolve import resolve_delivered
from syndicate.flow.withdraw import withdraw
from syndicate.model.delivery import Action
from syndicate.model.item import Attachment, FileRole
from syndicate.model.review import WithdrawalKind
from syndicate.records import reviews
from tests.flow.office import CONTENT, PUBLISHER, Desk
from tests.flow.test_pictures import _png

ADDRESS = "https://hall.example/7"


def _with_files(desk: Desk) -> int:
    picture, pdf = desk.workspace.files.put(_png()), desk.workspace.files.put(b"%PDF-1.4 sample")
    files = (
        Attachment("现场.png", picture, "image/png", 100, FileRole.IMAGE),
        Attachment('..\\..//a:b*c?"<|>\x07方案', pdf, "application/pdf", 15, FileRole.ATTACHMENT),
    )
    body = f'<p>第一段：１２３。</p><p><img src="file:{picture}"></p><p>第二段。</p>'
    return desk.approved("hall", content=replace(CONTENT, body=body, attachments=files))


def _task(desk: Desk, item: int, action: Action | None = None) -> Package:
    desk.run()
    return package(desk.workspace, desk.delivery(item, "hall", action).id)


def _files(desk: Desk, task: Package) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(zipped(desk.workspace, task))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_package_holds_words_pictures_attachments_and_the_steps(desk: Desk) -> None:
    found = _files(desk, _task(desk, _with_files(desk)))
    assert list(found) == ["清单.txt", "文字.txt", "图片/01-现场.png", "附件/02-a b c 方案.pdf"]
    assert found["图片/01-现场.png"] == _png()


def test_the_words_are_those_that_were_approved_untouched(desk: Desk) -> None:
    task = _task(desk, _with_files(desk))
    approved = reviews.rendition(task.delivery.rendition).fields
    assert f"【标题】\n{approved['title']}" in task.text
    assert f"【正文】\n{approved['text']}" in task.text
    assert "第一段：１２３。" in task.text


def test_the_steps_name_channel_deadline_and_how_to_record_it(desk: Desk) -> None:
    task = _task(desk, _with_files(desk))
    words = "\n".join(task.checklist)
    assert "样例大厅告示栏" in words
    assert "2026-11-27 12:00" in words
    assert f"syndicate resolve {task.delivery.id} --delivered" in words


def test_the_same_task_always_gives_the_same_bytes(desk: Desk) -> None:
    task = _task(desk, _with_files(desk))
    assert zipped(desk.workspace, task) == zipped(desk.workspace, task)


def test_a_file_that_is_gone_is_named_and_stops_nothing(desk: Desk) -> None:
    item = _with_files(desk)
    desk.run()
    desk.workspace.files.path(desk.workspace.files.put(_png())).unlink()
    task = _task(desk, item)
    assert task.missing == ("现场.png",)
    assert any("现场.png" in line for line in task.checklist)
    assert "图片/01-现场.png" not in _files(desk, task)


def test_a_task_to_take_down_has_the_addresses_the_notice_and_no_files(desk: Desk) -> None:
    item = _with_files(desk)
    resolve_delivered(desk.workspace, PUBLISHER, _task(desk, item).delivery.id, ADDRESS)
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "数据有误")
    task = _task(desk, item, Action.RETRACT)
    assert (task.files, task.checklist[-1].strip()) == ((), ADDRESS)
    assert "该信息已撤下" in task.text
    assert "2026-11-26 14:00" in "\n".join(task.checklist)
    assert CONTENT.title not in task.text


def test_an_article_for_a_platform_is_given_as_text_and_as_markup(desk: Desk) -> None:
    item = desk.approved("wechat")
    found = _files(desk, package(desk.workspace, desk.delivery(item, "wechat").id))
    assert "城区三条道路今日恢复通行" in found["文字.txt"].decode("utf-8-sig")
    assert b"<p" in found["正文.html"]


def test_open_tasks_are_written_one_file_each(desk: Desk, tmp_path: Path) -> None:
    item = _with_files(desk)
    desk.run()
    tasks = open_packages(desk.workspace, item_page(desk.workspace, item))
    (path,) = write_packages(desk.workspace, tasks, tmp_path / "new" / "folder")
    assert zipfile.is_zipfile(path)


def test_a_folder_that_cannot_be_made_is_said(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(StorageError):
        write_packages(desk.workspace, (), tmp_path / "file" / "folder")


def test_a_delivery_that_does_not_exist_has_no_package(desk: Desk) -> None:
    with pytest.raises(NotFound):
        package(desk.workspace, 404)
