"""旧版 Word: converted once by LibreOffice where it is installed, else a finding; nothing else depends on it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from pathlib import Path

import docx
import pytest

from syndicate.errors import InputError
from syndicate.flow.checking import check_revision
from syndicate.flow.old_word import as_docx
from syndicate.flow.pasting import paste
from syndicate.records import findings, items
from tests.databases import on_one
from tests.flow.office import EDITOR
from tests.flow.web import Beat, Page, article

WORD_STREAM = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")
CALLS = """#!/bin/sh
echo called >> "{log}"
for one; do last=$one; done
{does}
"""


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> Path:
    """A program named soffice that notes each call; returns its log."""
    log = folder / "calls"
    program = folder / "soffice"
    program.write_text(CALLS.format(log=log, does=does), "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return log


def calls(log: Path) -> int:
    return len(log.read_text("utf-8").splitlines()) if log.exists() else 0


def test_without_libreoffice_an_old_word_file_cannot_be_converted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert as_docx(tmp_path, b"x") is None


def test_that_it_is_not_installed_is_not_remembered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with monkeypatch.context() as bare:
        bare.setenv("PATH", str(tmp_path / "nowhere"))
        as_docx(tmp_path, b"x")
    stand_in(tmp_path, monkeypatch, 'printf converted > "${last%.doc}.docx"')
    assert as_docx(tmp_path, b"x") == b"converted"


def test_a_file_is_converted_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    log = stand_in(tmp_path, monkeypatch, 'printf converted > "${last%.doc}.docx"')
    assert ([as_docx(tmp_path, b"x") for _ in range(3)], calls(log)) == ([b"converted"] * 3, 1)


def test_another_file_is_converted_for_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stand_in(tmp_path, monkeypatch, 'cp "$last" "${last%.doc}.docx"')
    assert (as_docx(tmp_path, b"one"), as_docx(tmp_path, b"two")) == (b"one", b"two")


@pytest.mark.parametrize("does", ["exit 1", "exit 0"])
def test_a_file_that_cannot_be_converted_is_tried_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, does: str
) -> None:
    log = stand_in(tmp_path, monkeypatch, does)
    assert ([as_docx(tmp_path, b"x") for _ in range(2)], calls(log)) == ([None, None], 1)


def with_old_word(beat: Beat, data: bytes) -> int:
    """A reprint with an attachment in the old format; returns its number."""
    beat.follow("city", "json")
    beat.publish("city", 1)
    beat.web.pages["/1.html"] = Page(article("样例通知第1号", body="<a href='/a.doc'>附件：样例表格</a>"))
    beat.web.pages["/a.doc"] = Page(data, type="application/msword")
    (item,) = beat.one("city").items
    return item


def rules(item: int) -> list[tuple[str, str]]:
    found = findings.of_revision(items.latest_revision(item).id)
    return [(one.rule, one.message) for one in found if one.part.startswith("attachment:")]


@on_one
def test_an_attachment_that_no_program_can_read_is_a_finding(beat: Beat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    ((rule, message),) = rules(with_old_word(beat, WORD_STREAM))
    assert (rule, message.startswith("附件未检")) == ("check.attachment_unread", True)


@on_one
def test_later_checks_of_an_attachment_do_not_convert_it_again(
    beat: Beat, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    document = docx.Document()
    document.add_paragraph("样例表格的说明。")
    document.save(str(tmp_path / "ready.docx"))
    log = stand_in(tmp_path, monkeypatch, f'cp "{tmp_path}/ready.docx" "${{last%.doc}}.docx"')
    item = with_old_word(beat, WORD_STREAM)
    for _ in range(2):
        check_revision(beat.desk.workspace, items.get(item), items.latest_revision(item))
    assert (rules(item), calls(log)) == ([], 1)


@on_one
def test_an_old_word_file_can_be_pasted(beat: Beat, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("云川县今天召开样例会议。")
    document.save(str(tmp_path / "ready.docx"))
    stand_in(tmp_path, monkeypatch, f'cp "{tmp_path}/ready.docx" "${{last%.doc}}.docx"')
    item = paste(beat.desk.workspace, EDITOR, "news", "样例", (WORD_STREAM, "a.doc"))
    assert items.latest_revision(item).content.body == "<p>云川县今天召开样例会议。</p>"


@on_one
def test_without_libreoffice_a_pasted_old_word_file_is_refused_in_words(
    beat: Beat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(InputError) as raised:
        paste(beat.desk.workspace, EDITOR, "news", "样例", (WORD_STREAM, "a.doc"))
    assert "另存为 .docx" in raised.value.message.action_zh


@on_one
def test_libreoffice_itself_reads_an_old_word_file(beat: Beat, tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        # Large, and nothing else needs it: no machine has to install it.
        pytest.skip("LibreOffice is not installed: apt-get install --no-install-recommends libreoffice-writer-nogui")
    document = docx.Document()
    document.add_paragraph("样例表格里有禁用词甲一处。")
    kept = io.BytesIO()
    document.save(kept)
    (tmp_path / "a.docx").write_bytes(kept.getvalue())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    options = ["--headless", "--convert-to", "doc:MS Word 97", "--outdir", str(tmp_path), str(tmp_path / "a.docx")]
    subprocess.run([program, profile, *options], check=True, capture_output=True, timeout=90)
    item = with_old_word(beat, (tmp_path / "a.doc").read_bytes())
    assert [rule for rule, _ in rules(item)] == ["sample.block"]
