"""Pictures, drawing, replaced addresses and public pages."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFont

from syndicate.channels.drawing import draw_cover, draw_slide, find_font, wrap
from syndicate.channels.pages import allowed_address, fetch_proof, text_hash
from syndicate.channels.pictures import fit_picture
from syndicate.channels.replacing import replace_files
from tests.channels.office import picture
from tests.channels.rogue import RogueServer

FONT = find_font()
needs_font = pytest.mark.skipif(FONT is None, reason="no CJK font: apt-get install fonts-noto-cjk")
SHA = "a" * 64


def test_a_picture_that_fits_stays_as_it_is() -> None:
    data = picture()
    fitted = fit_picture(data, ("PNG",), 1_000_000)
    assert fitted
    assert (fitted.data, fitted.media_type, fitted.extension) == (data, "image/png", "png")


def test_another_format_becomes_a_jpeg() -> None:
    fitted = fit_picture(picture("WEBP"), ("JPEG", "PNG"), 1_000_000)
    assert fitted
    assert fitted.media_type == "image/jpeg"


def test_a_picture_that_is_too_large_becomes_smaller() -> None:
    noise = Image.effect_noise((1500, 1500), 100)
    out = io.BytesIO()
    noise.save(out, "PNG")
    fitted = fit_picture(out.getvalue(), ("PNG",), 200_000)
    assert fitted
    assert len(fitted.data) < 200_000


def test_a_limit_that_no_size_meets_gives_none() -> None:
    assert fit_picture(picture(), ("PNG",), 10) is None


def test_transparency_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")
    fitted = fit_picture(out.getvalue(), ("JPEG",), 1_000_000)
    assert fitted
    assert Image.open(io.BytesIO(fitted.data)).getpixel((1, 1)) == (255, 255, 255)


def test_a_picture_with_absurd_dimensions_is_none() -> None:
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    assert fit_picture(out.getvalue(), ("PNG",), 10**9) is None


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 200))
def test_damaged_bytes_never_raise(junk: bytes, at: int) -> None:
    for kind in ("PNG", "GIF", "JPEG", "BMP", "WEBP"):
        data = picture(kind)
        fit_picture(data[:at] + junk + data[at:], ("PNG",), 1_000_000)
    fit_picture(junk, ("PNG",), 1_000_000)


@needs_font
def test_slides_are_the_same_every_time() -> None:
    assert FONT
    assert draw_slide("标题", "正文" * 40, 320, 160, FONT) == draw_slide("标题", "正文" * 40, 320, 160, FONT)


@needs_font
@pytest.mark.parametrize("size", [(16, 16), (64, 32), (960, 480), (200, 1000)])
def test_a_slide_has_the_wanted_pixels(size: tuple[int, int]) -> None:
    assert FONT
    slide = Image.open(io.BytesIO(draw_slide("标题很长" * 10, "", *size, FONT)))
    assert slide.size == size


@needs_font
def test_closing_punctuation_never_begins_a_line() -> None:
    face = ImageFont.truetype(str(FONT), 20)
    lines = wrap("一二三四，五六七八。九十", face, 80)
    assert all(line[0] not in "，。" for line in lines)
    assert "".join(lines) == "一二三四，五六七八。九十"


@pytest.mark.parametrize("font", [None, FONT])
def test_a_cover_has_wechats_shape_with_or_without_a_font(font: object) -> None:
    assert Image.open(io.BytesIO(draw_cover("样例标题", font))).size == (900, 383)  # type: ignore[arg-type]


def test_a_known_file_gets_its_address_escaped() -> None:
    assert replace_files(f'<img src="file:{SHA}">', {SHA: "http://a/?b=1&c"}) == '<img src="http://a/?b=1&amp;c">'


def test_an_image_without_an_address_is_left_out_whole() -> None:
    assert replace_files(f'<p>甲<img alt="x > y" src="file:{SHA}">乙</p>', {}) == "<p>甲乙</p>"


def test_a_link_to_an_unknown_file_stays() -> None:
    assert replace_files(f'<a href="file:{SHA}">附件</a>', {}) == f'<a href="file:{SHA}">附件</a>'


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://mp.weixin.qq.com/s/abc", "https://mp.weixin.qq.com/s/abc"),
        ("http://127.0.0.1:5/s/abc", "http://127.0.0.1:5/s/abc"),
        ("http://127.0.0.1:6/s/abc", None),
        ("http://mp.weixin.qq.com@169.254.169.254/", None),
        ("http://mp.weixin.qq.com:22/", None),
        ("file:///etc/passwd", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_only_the_platforms_own_hosts_are_read(url: str, allowed: str | None) -> None:
    assert allowed_address(url, "http://127.0.0.1:5", ("mp.weixin.qq.com",)) == allowed


def proof_of(rogue: RogueServer, status: int, page: str) -> object:
    rogue.answer(status, page.encode())
    return fetch_proof(rogue.address, ("#a", "#b"), ("已被删除",), timedelta(seconds=2))


def test_a_page_is_hashed_by_its_meaningful_part(rogue: RogueServer) -> None:
    first = proof_of(rogue, 200, "<i>x</i><h1 id=a>标题</h1><div id=b>正 文</div>")
    second = proof_of(rogue, 200, "<i>y</i><h1 id=a>标题 </h1><div id=b>正文</div>")
    assert first == second
    assert first


@pytest.mark.parametrize(("status", "page"), [(404, ""), (410, ""), (200, "<p>内容已被删除</p>")])
def test_a_gone_page_has_no_hash(rogue: RogueServer, status: int, page: str) -> None:
    proof = proof_of(rogue, status, page)
    assert proof
    assert proof.sha256 is None  # type: ignore[attr-defined]


@pytest.mark.parametrize(("status", "page"), [(403, ""), (302, ""), (500, ""), (200, "<p>请验证</p>"), (200, "")])
def test_a_wall_proves_nothing(rogue: RogueServer, status: int, page: str) -> None:
    assert proof_of(rogue, status, page) is None


def test_a_server_that_is_not_there_proves_nothing() -> None:
    assert fetch_proof("http://127.0.0.1:1/", ("p",), (), timedelta(seconds=1)) is None


def test_blanks_do_not_change_a_hash() -> None:
    assert text_hash("甲 乙\n丙") == text_hash("甲乙丙")
    assert text_hash("甲", "乙") != text_hash("甲乙")
