"""Files → text with places; broken, encrypted, foreign and oversized ones are refused with a message."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from syndicate.errors import InputError
from syndicate.text import files
from syndicate.text.files import FileKind, read_file
from syndicate.text.formats import archive, blocks, ofd, pdf, sheets
from syndicate.text.formats.sheets import column_letters
from tests.text import office_files

MakeZip = Callable[[Mapping[str, str | bytes]], bytes]


def key_of(data: bytes, name: str = "文件") -> str:
    with pytest.raises(InputError) as caught:
        read_file(data, name)
    assert str(caught.value)
    return caught.value.message.key


def xlsx(*sheets_rows: list[list[object]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets_rows, 1):
        sheet = book.create_sheet(f"表{number}")
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


_SAMPLES = {
    "docx": office_files.docx("<w:p><w:r><w:t>会议</w:t></w:r></w:p>"),
    "xlsx": xlsx([["甲", 1]]),
    "pdf": office_files.pdf("text"),
    "ofd": office_files.ofd("会议"),
}


def test_a_text_file_is_its_own_source() -> None:
    read = read_file("\ufeff会议部署".encode(), "通知.txt")
    assert (read.kind, read.text, read.markup, read.extracted) == (FileKind.TXT, "会议部署", False, False)


def test_gb_bytes_are_decoded() -> None:
    assert read_file("会议部署工作".encode("gb18030"), "通知.txt").text == "会议部署工作"


def test_what_cannot_be_decoded_is_counted() -> None:
    assert read_file("会议部署了下一阶段的工作任务".encode() + b"\xff", "a.txt").replaced == 1


@pytest.mark.parametrize("data", [b"<!DOCTYPE html><p>x", b"\n<!-- c --><div>x</div>", b"<html><body>x", b"<p>x</p>"])
def test_html_is_known_by_its_content(data: bytes) -> None:
    assert read_file(data, "无名").kind is FileKind.HTML


def test_a_page_named_html_that_begins_with_text_is_html_when_it_has_tags() -> None:
    assert read_file("标题<br>正文".encode(), "a.html").kind is FileKind.HTML
    assert read_file("标题 < 正文".encode(), "a.html").kind is FileKind.TXT


def test_markdown_goes_by_its_name() -> None:
    assert read_file(b"# x", "README.md").kind is FileKind.MD


def test_a_word_file_named_txt_is_a_word_file(make_docx: Callable[..., bytes]) -> None:
    data = make_docx("<w:p><w:r><w:t>会议</w:t></w:r></w:p>")
    assert read_file(data, "通知.txt").kind is FileKind.DOCX


def test_docx_joins_runs_and_places_paragraphs_and_cells(make_docx: Callable[..., bytes]) -> None:
    body = (
        "<w:p><w:r><w:t>会议布</w:t></w:r><w:r><w:t>署</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>姓名</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>手机</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "<w:p><w:r><w:t>末段</w:t></w:r></w:p>"
    )
    extract = read_file(make_docx(body), "a.docx").extract
    assert "会议布署" in extract.text
    assert "姓名\t手机" in extract.text
    assert extract.place(extract.text.index("布署")) == "第 1 段"
    assert extract.place(extract.text.index("手机")) == "表 1 第 1 行第 2 列"
    assert extract.place(extract.text.index("末段")) == "第 2 段"


def test_docx_leaves_out_deleted_text_and_field_codes_and_reads_inserted_text(make_docx: Callable[..., bytes]) -> None:
    body = (
        "<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新</w:t><w:tab/><w:t>文</w:t><w:br/>"
        "<w:noBreakHyphen/></w:r></w:ins><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    assert read_file(make_docx(body), "a.docx").text == "新\t文\n-\n\n"


def test_docx_reads_text_boxes_once_content_controls_inner_tables_headers_and_notes(
    make_docx: Callable[..., bytes],
) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:tbl><w:tr><w:sdt><w:sdtContent><w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>内表</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:tc></w:sdtContent></w:sdt></w:tr></w:tbl>"
    )
    header = f"<w:hdr {w}><w:p><w:r><w:t>页眉</w:t></w:r></w:p></w:hdr>"
    text = read_file(make_docx(body, header1=header), "a.docx").text
    assert text.split() == ["框内", "控件", "内表", "页眉"]


def test_xlsx_gives_cells_with_their_addresses_and_whole_numbers_unspoilt() -> None:
    extract = read_file(xlsx([["姓名", "手机"], ["张某", 13800000000]], [["另表"]]), "a.xlsx").extract
    assert "张某\t13800000000" in extract.text
    assert extract.place(extract.text.index("13800000000")) == "表1!B2"
    assert extract.place(extract.text.index("另表")) == "表2!A1"


def test_xls_gives_cells_dates_and_whole_numbers() -> None:
    read = read_file(office_files.xls(("姓名", "手机", None), ("张某", 13800000000.0, 45413.0), date_column=2), "a.xls")
    assert read.kind is FileKind.XLS
    assert "张某\t13800000000\t2024-05-01" in read.text
    assert read.extract.place(read.text.index("13800000000")) == "表1!B2"


def test_a_date_that_xls_cannot_mean_stays_a_number() -> None:
    assert "1000000000" in read_file(office_files.xls((1e9,), date_column=0), "a.xls").text


def test_dates_and_times_of_xlsx_are_written_as_such() -> None:
    row = [datetime(2024, 5, 1), datetime(2024, 5, 1, 8, 30), time(8, 30), 1.5, True]
    assert "2024-05-01\t2024-05-01T08:30:00\t08:30:00\t1.5\tTrue" in read_file(xlsx([row]), "a.xlsx").text


@settings(max_examples=100, deadline=None)
@given(st.integers(min_value=0), st.binary(min_size=1, max_size=8))
def test_an_xls_with_wrong_bytes_gives_a_text_or_an_input_error(place: int, piece: bytes) -> None:
    data = bytearray(office_files.xls(("姓名", 1.0)))
    place %= len(data)
    data[place : place + len(piece)] = piece
    with suppress(InputError):
        read_file(bytes(data), "x")


@pytest.mark.parametrize(("column", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")])
def test_columns_have_letters(column: int, letters: str) -> None:
    assert column_letters(column) == letters


def test_pdf_gives_pages_and_names_those_without_text(make_pdf: Callable[..., bytes]) -> None:
    extract = read_file(make_pdf("first", "", "third"), "a.pdf").extract
    assert extract.place(extract.text.index("third")) == "第 3 页"
    assert extract.textless == ("第 2 页",)


def test_ofd_gives_lines_and_pages(make_ofd: Callable[..., bytes]) -> None:
    extract = read_file(make_ofd("会议\n部署", "", "第三页"), "a.ofd").extract
    assert "会议\n部署" in extract.text
    assert extract.place(extract.text.index("第三页")) == "第 3 页"
    assert extract.textless == ("第 2 页",)


def test_ofd_with_an_absolute_path_and_odd_numbers_is_read(make_zip: MakeZip) -> None:
    data = make_zip(
        {
            "OFD.xml": "<OFD><DocRoot>/Doc/Document.xml</DocRoot></OFD>",
            "Doc/Document.xml": '<D><Page BaseLoc="p.xml"/><Page BaseLoc="missing.xml"/></D>',
            "Doc/p.xml": '<P><TextObject Boundary="a b c d" Size="x"><TextCode>字</TextCode></TextObject></P>',
        }
    )
    assert read_file(data, "a.ofd").text.strip() == "字"


@pytest.mark.parametrize(
    ("members", "key"),
    [
        ({"word/document.xml": "<broken"}, "text.broken"),
        ({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "text.broken"),
        ({"xl/workbook.xml": "<broken"}, "text.broken"),
        ({"xl/workbook.xml": "<workbook/>"}, "text.broken"),
        ({"OFD.xml": "<OFD/>"}, "text.broken"),
        ({"OFD.xml": "<OFD><DocRoot>x</DocRoot></OFD>"}, "text.broken"),
        ({"META-INF/MANIFEST.MF": "x"}, "text.unknown_kind"),
        ({"[Content_Types].xml": "x"}, "text.unknown_kind"),
        ({"word/document.xml": "0" * 3_000_000}, "text.archive_limits"),
        ({f"{'d/' * 13}a": "x"}, "text.archive_limits"),
    ],
)
def test_hostile_archives_are_refused(make_zip: MakeZip, members: dict[str, str], key: str) -> None:
    assert key_of(make_zip(members)) == key


def test_an_archive_with_too_many_members_is_refused(make_zip: MakeZip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_MEMBERS", 2)
    assert key_of(make_zip({"a": "", "b": "", "c": ""})) == "text.archive_limits"


def test_an_archive_whose_members_share_their_bytes_is_refused(make_zip: MakeZip) -> None:
    data = bytearray(make_zip({"a": "xx", "b": "yy"}))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<I", 0)
    assert key_of(bytes(data)) == "text.archive_limits"


def test_an_encrypted_member_is_refused(make_zip: MakeZip) -> None:
    data = bytearray(make_zip({"word/document.xml": "x"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert key_of(bytes(data)) == "text.encrypted"


def test_a_member_that_does_not_match_its_checksum_is_broken(make_zip: MakeZip) -> None:
    data = make_zip({"word/document.xml": "<a/>"}).replace(struct.pack("<I", zlib.crc32(b"<a/>")), b"\0\0\0\0")
    assert key_of(data) == "text.broken"


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"PK\x03\x04 no archive", "text.broken"),
        (b"%PDF-1.4 no pdf", "text.broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no container", "text.broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "text.encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "text.old_word"),
        (b"\x89PNG\r\n\x1a\n", "text.unknown_kind"),
        (b"{\\rtf1 x}", "text.unknown_kind"),
        (b"MZ\0\0", "text.unknown_kind"),
        (b"x\0y", "text.unknown_kind"),
    ],
)
def test_broken_encrypted_and_foreign_files_are_refused(data: bytes, key: str) -> None:
    assert key_of(data) == key


def test_a_text_that_begins_like_a_picture_is_a_text() -> None:
    assert read_file("BM公司的通知".encode(), "a.txt").text == "BM公司的通知"


def test_an_oversized_file_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 3)
    assert key_of(b"1234") == "text.too_large"


def test_more_text_than_anybody_reads_is_refused(
    make_docx: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "MOST_CHARACTERS", 3)
    assert key_of(make_docx("<w:p><w:r><w:t>一二三四</w:t></w:r></w:p>")) == "text.too_long"


@pytest.mark.parametrize("data", ["一二三四".encode(), "<html><p>一".encode()])
def test_more_plain_text_than_anybody_reads_is_refused(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "MOST_CHARACTERS", 3)
    assert key_of(data) == "text.too_long"
    assert read_file("一二三".encode(), "a.txt").text == "一二三"


def test_more_cells_than_anybody_reads_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_CELLS", 1)
    assert key_of(xlsx([["a", "b"]])) == "text.too_long"


def test_more_pages_than_anybody_reads_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_PAGES", 1)
    monkeypatch.setattr(ofd, "MOST_PAGES", 1)
    assert key_of(office_files.pdf("a", "b")) == "text.too_long"
    assert key_of(office_files.ofd("a", "b")) == "text.too_long"


def test_an_extract_without_places_names_none() -> None:
    assert blocks.Blocks("x").extract().place(0) == ""


def test_a_protected_pdf_is_refused() -> None:
    encrypted = pdf_with_password()
    assert key_of(encrypted) == "text.encrypted"


def pdf_with_password() -> bytes:
    """A PDF whose encryption dictionary asks for a password that nobody gave."""
    body = (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
        b"3 0 obj\n<< /Filter /Standard /V 1 /R 2 /P -44 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>\nendobj\n"
    )
    offsets = [body.index(f"{number} 0 obj".encode()) for number in (1, 2, 3)]
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer << /Size 4 /Root 1 0 R /Encrypt 3 0 R /ID [<00> <00>] >>\nstartxref\n%d\n%%%%EOF" % len(body)
    return body + b"xref\n0 4\n0000000000 65535 f \n" + rows + trailer


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>"]),
)
def test_any_bytes_give_a_text_or_an_input_error(data: bytes, start: bytes) -> None:
    with suppress(InputError):
        read_file(start + data, "x")


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["docx", "xlsx", "pdf", "ofd"]), st.integers(min_value=0), st.integers(min_value=0, max_value=255)
)
def test_a_file_with_one_wrong_byte_gives_a_text_or_an_input_error(kind: str, place: int, byte: int) -> None:
    data = bytearray(_SAMPLES[kind])
    data[place % len(data)] = byte
    with suppress(InputError):
        read_file(bytes(data), "x")


def test_an_archive_of_files_is_read_as_the_list_of_their_names(make_zip: MakeZip) -> None:
    read = read_file(make_zip({"样例名单.xlsx": "x", "图/一.png": "y", "空/": ""}), "a.zip")
    assert (read.kind, read.text) == (FileKind.ZIP, "样例名单.xlsx\n图/一.png\n")


def test_names_of_an_archive_from_chinese_windows_are_readable() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("stand-in.x", "x")
    name = "样例名单.x".encode("gb18030")
    data = packed.getvalue().replace(b"stand-in.x", name.ljust(10, b"_"))
    assert read_file(data, "a.zip").text.strip() == "样例名单.x"
