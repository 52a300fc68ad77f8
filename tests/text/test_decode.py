"""Bytes become text: the right encoding, one U+FFFD per illegal byte, never an exception."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.text.decode import decode

CHINESE = "关于举办演示活动的通知，各乡镇、各部门：现将有关事项通知如下。"


@pytest.mark.parametrize("declared", ["", "utf-8", "gb2312", "GBK", "iso-8859-1", "big5", "no-such-encoding"])
def test_utf8_with_chinese_is_utf8_whatever_was_declared(declared: str) -> None:
    assert decode(CHINESE.encode(), declared).text == CHINESE


@pytest.mark.parametrize("declared", ["", "utf-8", "gb2312", "GBK", "text/html; charset=GB2312"])
def test_gbk_bytes_are_read_as_gb18030_whatever_of_the_two_was_declared(declared: str) -> None:
    decoded = decode(CHINESE.encode("gbk"), declared)

    assert (decoded.text, decoded.encoding, decoded.replaced) == (CHINESE, "gb18030", 0)


def test_gb2312_declared_text_may_contain_characters_only_gb18030_has() -> None:
    assert decode("朱镕基𠮷龖".encode("gb18030"), "gb2312").text == "朱镕基𠮷龖"


@pytest.mark.parametrize("declared", ["gb2312", "utf-8", ""])
def test_one_illegal_byte_in_gbk_costs_one_replacement_character(declared: str) -> None:
    decoded = decode(CHINESE[:9].encode("gbk") + b"\xff" + CHINESE[9:].encode("gbk"), declared)

    assert (decoded.text, decoded.replaced) == (CHINESE[:9] + "\ufffd" + CHINESE[9:], 1)


@pytest.mark.parametrize("declared", ["gb2312", "utf-8", ""])
def test_one_illegal_byte_in_utf8_costs_one_replacement_character(declared: str) -> None:
    decoded = decode(CHINESE[:9].encode() + b"\xc1" + CHINESE[9:].encode(), declared)

    assert (decoded.text, decoded.replaced) == (CHINESE[:9] + "\ufffd" + CHINESE[9:], 1)


def test_utf8_cut_in_the_middle_of_a_character_stays_utf8() -> None:
    assert decode(CHINESE.encode()[:-1]).text == CHINESE[:-1] + "\ufffd"


def test_replacement_characters_of_the_original_are_not_counted_as_illegal_bytes() -> None:
    decoded = decode(f"{CHINESE}\ufffd".encode())

    assert (decoded.text[-1], decoded.replaced) == ("\ufffd", 0)


def test_an_illegal_byte_beside_an_original_replacement_character_counts_alone() -> None:
    assert decode(f"{CHINESE}\ufffd".encode() + b"\xff").replaced == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_decides_and_is_dropped(encoding: str) -> None:
    decoded = decode(f"\ufeff{CHINESE}".encode(encoding), "gb2312")

    assert (decoded.text, decoded.encoding) == (CHINESE, encoding)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_xml_without_a_mark_is_recognised_by_its_first_characters(encoding: str) -> None:
    xml = f'<?xml version="1.0"?><a>{CHINESE}</a>'

    assert decode(xml.encode(encoding)).text == xml


def test_the_xml_declaration_is_heard() -> None:
    xml = '<?xml version="1.0" encoding="koi8-r"?><a>привет</a>'

    assert decode(xml.encode("koi8-r")).text == xml


def test_the_meta_declaration_is_heard() -> None:
    html = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=big5"><p>臺灣繁體'

    assert decode(html.encode("big5")).text == html


def test_the_first_declaration_that_fits_wins() -> None:
    html = '<meta charset="windows-1251"><p>привет'

    assert decode(html.encode("cp1251"), "utf-8").encoding == "cp1251"


def test_a_readable_declaration_of_utf16_is_not_believed() -> None:
    xml = '<?xml version="1.0" encoding="utf-16"?><a>plain</a>'

    assert decode(xml.encode()).text == xml


def test_another_declared_encoding_survives_one_illegal_byte() -> None:
    text = "臺灣繁體中文內容測試" * 3

    assert decode(text.encode("big5") + b"\xff", "big5").text == text + "\ufffd"


@pytest.mark.parametrize("declared", ["punycode", "unicode_escape", "zlib", "rot13", "utf-7", "a\0b", "x" * 999])
def test_codecs_that_are_no_document_encodings_are_ignored(declared: str) -> None:
    assert decode(b"+ADw-", declared).text == "+ADw-"


def test_line_ends_and_control_characters_stay() -> None:
    assert decode(b"a\r\nb\x00\x0bc\r").text == "a\r\nb\x00\x0bc\r"


def test_garbage_is_read_with_replacements() -> None:
    decoded = decode(b"\x80\xff\x80\xff")

    assert decoded.replaced == decoded.text.count("\ufffd") > 0


@given(st.binary(max_size=300), st.sampled_from(["", "gb2312", "utf-8", "utf-16", "hz", "iso2022_jp", "latin-1"]))
def test_any_bytes_give_text(data: bytes, declared: str) -> None:
    decoded = decode(data, declared)

    assert 0 <= decoded.replaced <= len(data)


@given(st.binary(max_size=60), st.text(max_size=60))
def test_any_declaration_is_harmless(data: bytes, declared: str) -> None:
    decode(b"<meta charset=" + data, declared)


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=6, max_size=80))
def test_gb18030_text_comes_back(text: str) -> None:
    assert decode(text.encode("gb18030"), "gb2312").text == text
