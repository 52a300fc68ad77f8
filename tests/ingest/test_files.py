"""Files are what their bytes are; names are harmless; bodies get their hashes."""

import contextlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import InputError
from syndicate.ingest.files import file_name, media_type, role_of, with_files
from syndicate.model.item import FileRole
from syndicate.text.sanitise import sanitise

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
OFFICE = "application/vnd.openxmlformats-officedocument."
HASH = "ab" * 32


def packed(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\xef\xbb\xbf\n%PDF-1.7\n", "application/pdf"),
        (OLE + "WordDocument".encode("utf-16-le"), "application/msword"),
        (OLE + "Workbook".encode("utf-16-le"), "application/vnd.ms-excel"),
        (OLE + "Book".encode("utf-16-le"), "application/vnd.ms-excel"),
        (packed("[Content_Types].xml", "word/document.xml"), OFFICE + "wordprocessingml.document"),
        (packed("[Content_Types].xml", "xl/workbook.xml"), OFFICE + "spreadsheetml.sheet"),
        (packed("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
        (packed("名单.txt"), "application/zip"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"GIF87a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBP", "image/webp"),
        (b"BM\x00", "image/bmp"),
    ],
)
def test_the_bytes_say_what_a_file_is(data: bytes, expected: str) -> None:
    assert media_type(data, "any.name", FileRole.ATTACHMENT) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!DOCTYPE html><p>%PDF-1.7",
        b"MZ\x90\x00%PDF-1.7",
        b"#!/bin/sh\n# %PDF-1.7",
        b"\x7fELF",
        OLE,
        OLE + "WordDocument".encode("utf-16-le") + "_VBA_PROJECT".encode("utf-16-le"),
        packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        packed("[Content_Types].xml", "ppt/presentation.xml"),
        packed("META-INF/MANIFEST.MF", "A.class"),
        b"Rar!\x1a\x07",
        "纯文本".encode(),
    ],
)
def test_other_kinds_are_refused_whatever_their_name(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        media_type(data, "通知.pdf", FileRole.ATTACHMENT)

    assert caught.value.message.key == "ingest.file_refused"
    assert "通知.pdf" in str(caught.value)


def test_an_attachment_is_no_picture() -> None:
    with pytest.raises(InputError) as caught:
        media_type(b"%PDF-1.7", "a.png", FileRole.IMAGE)

    assert caught.value.message.key == "ingest.no_image"


def test_a_picture_may_be_an_attachment() -> None:
    assert media_type(b"GIF89a", "a.gif", FileRole.ATTACHMENT) == "image/gif"


def test_a_broken_archive_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        media_type(b"PK\x03\x04broken", "a.zip", FileRole.ATTACHMENT)

    assert caught.value.message.key == "ingest.broken_file"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x/P1.PDF?x=1", FileRole.ATTACHMENT),
        ("https://a.example/x.jpeg", FileRole.IMAGE),
        ("https://a.example/x.svg", None),
        ("https://a.example/x.html?f=a.pdf", None),
        ("https://a.example/pdf", None),
    ],
)
def test_an_address_promises_a_kind(url: str, expected: FileRole | None) -> None:
    assert role_of(url) is expected


@pytest.mark.parametrize(
    ("title", "url", "expected"),
    [
        ("附件1", "https://a.example/P1.pdf", "附件1.pdf"),
        ("名单.PDF", "https://a.example/P1.pdf", "名单.pdf"),
        ("", "https://a.example/%E5%90%8D%E5%8D%95.xlsx", "名单.xlsx"),
        ("../../etc/passwd", "https://a.example/P1.doc", "etc passwd.doc"),
        ("名\u202e单\x00", "https://a.example/P1.doc", "名 单.doc"),
        ("", "https://a.example/", "file"),
        ("...", "https://a.example/x.zip", "file.zip"),
        ("长" * 500, "https://a.example/x.zip", "长" * 120 + ".zip"),
    ],
)
def test_a_name_is_harmless_and_has_its_ending(title: str, url: str, expected: str) -> None:
    assert file_name(title, url) == expected


def test_addresses_in_a_body_become_hashes() -> None:
    body = sanitise(
        '<p><img alt="a>b" src="https://a.example/1.png?a=1&amp;b=2"><a href="https://a.example/1.pdf">名单</a></p>'
    )

    swapped = with_files(body, {"https://a.example/1.png?a=1&b=2": HASH, "https://a.example/1.pdf": HASH})

    assert swapped == f'<p><img alt="a&gt;b" src="file:{HASH}"><a href="file:{HASH}">名单</a></p>'


def test_only_whole_addresses_in_tags_are_swapped() -> None:
    body = (
        '<p>src="https://a.example/1.png" <a href="https://a.example/1.png2" title="https://a.example/1.png">x</a></p>'
    )

    assert with_files(body, {"https://a.example/1.png": HASH}) == body


def test_a_swapped_body_is_still_sane() -> None:
    body = with_files('<img src="https://a.example/1.png">', {"https://a.example/1.png": HASH})

    assert sanitise(body) == body


@given(st.binary(max_size=200) | st.binary(max_size=80).map(b"PK\x03\x04".__add__), st.text(max_size=30))
def test_any_bytes_are_known_or_refused(data: bytes, name: str) -> None:
    with contextlib.suppress(InputError):
        assert "/" in media_type(data, name, FileRole.ATTACHMENT)


@given(st.text(max_size=50), st.text(max_size=50))
def test_any_name_is_one_path_segment(title: str, last: str) -> None:
    name = file_name(title, f"https://a.example/{last}")

    assert name
    assert not set(name) & set("/\\\0\n:")
    assert name not in (".", "..")
