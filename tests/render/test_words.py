from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.render.words import clean, fit, one_line, web_address


def test_a_text_that_fits_stays_as_it_is() -> None:
    assert fit("云川县", lambda text: len(text) <= 3) == ("云川县", False)


def test_a_text_that_is_broken_off_ends_with_an_ellipsis() -> None:
    assert fit("云川县召开会议", lambda text: len(text) <= 5) == ("云川县召…", True)


def test_an_excerpt_ends_with_a_whole_sentence_where_one_ends_late_enough() -> None:
    text = "会议今天召开。各乡镇参加会议并作发言"
    assert fit(text, lambda text: len(text) <= 12, whole_sentences=True) == ("会议今天召开。", False)


def test_a_sentence_that_ends_too_early_is_no_excerpt() -> None:
    text = "是。" + "云" * 40
    assert fit(text, lambda text: len(text) <= 20, whole_sentences=True) == ("是。" + "云" * 17 + "…", True)


def test_a_text_that_never_fits_becomes_empty() -> None:
    assert fit("云川", lambda text: False) == ("", True)


@given(st.text(max_size=60), st.integers(0, 40), st.booleans())
def test_what_comes_out_fits_or_is_empty(text: str, most: int, whole: bool) -> None:
    short, cut = fit(text, lambda candidate: len(candidate) <= most, whole_sentences=whole)
    assert len(short) <= most
    assert cut or text.startswith(short)


@given(st.text(st.characters(codec=None, categories=("Cc", "Cs", "Cn", "Lo", "Zs"))))
def test_cleaned_text_can_be_encoded_and_carries_no_control_characters(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert not any(ord(character) < 32 and character not in "\t\n\r" for character in cleaned)


def test_one_line_joins_lines_and_ideographic_blanks() -> None:
    assert one_line(" 云川\n\u3000县 ") == "云川 县"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//a.example", "http://a b", 'http://a"b', "", "file:x"]
)
def test_only_web_addresses_become_links(address: str) -> None:
    assert web_address(address) == ""


def test_a_web_address_stays_as_it_is() -> None:
    assert web_address("http://www.yunchuan.example/1.html?a=1&b=2") == "http://www.yunchuan.example/1.html?a=1&b=2"
