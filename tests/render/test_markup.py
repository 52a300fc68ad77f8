from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import InputError
from syndicate.render.markup import inner, paragraphs, parse


def test_blocks_and_line_breaks_make_paragraphs() -> None:
    root = parse("<h2>一</h2>前<p>甲<br>乙<b>丙</b></p>后<ul><li>子</li><li>丑</li></ul>")
    assert paragraphs(root) == ("一", "前", "甲", "乙丙", "后", "子", "丑")


def test_text_outside_of_elements_survives_the_tree() -> None:
    assert inner(parse("1 &lt; 2 &amp; <b>3</b> 尾")) == "1 &lt; 2 &amp; <b>3</b> 尾"


def test_a_body_that_is_nested_too_deep_is_an_input_error_and_not_half_a_text() -> None:
    with pytest.raises(InputError):
        parse("<div>" * 5000 + "文" + "</div>" * 5000)


def test_a_text_of_ten_megabytes_is_read_to_its_end() -> None:
    assert inner(parse("<p>" + "汉字" * 2_000_000 + "尾</p>")).endswith("尾</p>")


def test_scripts_handlers_and_script_addresses_are_gone() -> None:
    markup = inner(parse('<p onclick="x()">文<script>x()</script><a href="javascript:x()">链</a></p>'))
    assert "script" not in markup
    assert "onclick" not in markup


@given(st.text())
def test_any_text_can_be_read_as_a_body(text: str) -> None:
    root = parse(text)
    paragraphs(root)
    inner(root).encode("utf-8")


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<table>", "<td>", "</div>", "<div>", "<b>", "文", "&#0;", "<!--", "-->", "<a href='", "'>"]
        )
    )
)
def test_broken_markup_can_be_read_as_a_body(pieces: list[str]) -> None:
    root = parse("".join(pieces))
    assert paragraphs(parse(inner(root))) == paragraphs(root)
