"""Uploaded files are what their bytes are, whatever they are called."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image, PngImagePlugin

from syndicate.errors import InputError
from syndicate.flow.upload_limits import upload_limit
from syndicate.flow.uploads import receive
from syndicate.model.item import FileRole
from tests.flow.office import Desk

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(kind: str = "PNG", size: tuple[int, int] = (12, 8), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#7d9cc0").save(out, kind, **options)
    return out.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in members.items():
            opened.writestr(name, data)
    return out.getvalue()


def refusal(desk: Desk, data: bytes, name: str, role: FileRole = FileRole.ATTACHMENT) -> str:
    with pytest.raises(InputError) as refused:
        receive(desk.workspace, data, name, role)
    return refused.value.message.key


def test_a_file_is_kept_under_its_true_type(desk: Desk) -> None:
    file = receive(desk.workspace, PDF, "../../通知.exe", FileRole.ATTACHMENT)
    assert (file.name, file.media_type, file.size) == ("通知.exe.pdf", "application/pdf", len(PDF))
    assert desk.workspace.files.read(file.sha256) == PDF


def test_characters_that_turn_a_name_around_are_taken_out(desk: Desk) -> None:
    file = receive(desk.workspace, PDF, "报告\u202efdp.exe", FileRole.ATTACHMENT)
    assert "\u202e" not in file.name


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<html><script>alert(1)</script></html>", "a.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.png"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg"),
        (b"MZ\x90\x00", "a.docx"),
        (b"#!/bin/sh\n", "a.txt"),
        (b"GIF", "a.gif"),
        (
            archive({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>", "word/vbaProject.bin": b"x"}),
            "a.docx",
        ),
        (archive({"META-INF/MANIFEST.MF": b"x"}), "a.zip"),
    ],
    ids=["html", "svg as png", "svg", "program", "script", "short", "macros", "jar"],
)
def test_what_can_run_is_refused_whatever_it_is_called(desk: Desk, data: bytes, name: str) -> None:
    assert refusal(desk, data, name) == "ingest.file_refused"


def test_an_attachment_is_no_picture(desk: Desk) -> None:
    assert refusal(desk, PDF, "图.png", FileRole.IMAGE) == "ingest.no_image"


def test_an_empty_file_is_refused(desk: Desk) -> None:
    assert refusal(desk, b"", "空.pdf") == "writing.empty_file"


def test_a_file_over_the_limit_is_refused(desk: Desk) -> None:
    assert refusal(desk, PDF + b" " * upload_limit("file_bytes"), "大.pdf") == "writing.file_too_large"


def test_an_archive_that_unpacks_without_end_is_refused(desk: Desk) -> None:
    bomb = archive({"a.txt": b"0" * 40_000_000})
    assert len(bomb) < 100_000
    assert refusal(desk, bomb, "材料.zip") == "text.archive_limits"


def test_an_office_file_that_unpacks_without_end_is_refused(desk: Desk) -> None:
    bomb = archive({"[Content_Types].xml": b"<x/>", "word/document.xml": b" " * 40_000_000})
    assert refusal(desk, bomb, "材料.docx") == "text.archive_limits"


@pytest.mark.parametrize("member", ["安装.exe", "页面.html", "图.SVG", "里面.zip"])
def test_an_archive_with_what_can_run_is_refused_by_the_name_of_its_member(desk: Desk, member: str) -> None:
    assert refusal(desk, archive({"说明.txt": b"x", member: b"x"}), "材料.zip") == "writing.unsafe_member"


def test_an_archive_of_documents_is_taken(desk: Desk) -> None:
    file = receive(desk.workspace, archive({"一.pdf": PDF}), "材料.zip", FileRole.ATTACHMENT)
    assert file.media_type == "application/zip"


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif"), ("WEBP", "image/webp"), ("BMP", "image/png")],
)
def test_a_picture_is_written_anew(desk: Desk, kind: str, media_type: str) -> None:
    hidden = picture(kind) + b"<script>alert(1)</script>PK\x03\x04"
    file = receive(desk.workspace, hidden, "现场", FileRole.IMAGE)
    kept = desk.workspace.files.read(file.sha256)
    assert file.media_type == media_type
    assert b"<script>" not in kept
    assert Image.open(io.BytesIO(kept)).size == (12, 8)


def test_where_a_photograph_was_taken_is_not_kept(desk: Desk) -> None:
    exif = Image.Exif()
    exif[0x010E] = "某人家门口"
    exif.get_ifd(0x8825)[1] = "N"
    file = receive(desk.workspace, picture("JPEG", exif=exif), "照片.jpg", FileRole.IMAGE)
    kept = Image.open(io.BytesIO(desk.workspace.files.read(file.sha256)))
    assert dict(kept.getexif()) == {}


def test_a_photograph_is_turned_upright(desk: Desk) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    file = receive(desk.workspace, picture("JPEG", exif=exif), "照片.jpg", FileRole.IMAGE)
    assert Image.open(io.BytesIO(desk.workspace.files.read(file.sha256))).size == (8, 12)


def test_words_hidden_in_a_picture_are_not_kept(desk: Desk) -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "<img src=x onerror=alert(1)>")
    file = receive(desk.workspace, picture(pnginfo=words), "图.png", FileRole.IMAGE)
    assert b"onerror" not in desk.workspace.files.read(file.sha256)


def test_a_picture_cut_short_is_refused(desk: Desk) -> None:
    whole = picture("JPEG", (400, 400))
    assert refusal(desk, whole[: len(whole) // 3], "图.jpg", FileRole.IMAGE) == "writing.picture_broken"


def test_a_picture_with_too_many_pixels_is_refused(desk: Desk) -> None:
    out = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(out, "PNG")
    assert refusal(desk, out.getvalue(), "图.png", FileRole.IMAGE) == "writing.picture_broken"


def test_a_moving_picture_with_too_many_frames_is_refused(desk: Desk) -> None:
    frames = [
        Image.new("RGB", (2, 2), (number % 256, 255 - number % 256, 0)) for number in range(upload_limit("frames") + 1)
    ]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert refusal(desk, out.getvalue(), "动图.gif", FileRole.IMAGE) == "writing.picture_broken"


def test_a_moving_picture_keeps_moving(desk: Desk) -> None:
    frames = [Image.new("RGB", (4, 4), (number * 60, 0, 0)) for number in range(3)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    file = receive(desk.workspace, out.getvalue(), "动图.gif", FileRole.IMAGE)
    assert getattr(Image.open(io.BytesIO(desk.workspace.files.read(file.sha256))), "n_frames", 1) == 3
