"""A WordPress export: its posts as a reader would see them, and nothing of a hostile file."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import InputError
from syndicate.ingest.wordpress import SHORTCODE, Media, Post, paragraphs, read_posts, scan
from tests.conftest import ROOT
from tests.ingest.exports import export, post

NOW = datetime(2026, 11, 26, 4, tzinfo=UTC)


def read(data: bytes, size: int = 1 << 16) -> list[Post]:
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    return list(read_posts(pieces, "export.xml", scan(pieces, "export.xml"), NOW))


def one(**more: str) -> Post:
    (found,) = read(export(post(7, "样例通知", **more)))
    return found


def test_a_post_has_its_address_title_date_and_categories() -> None:
    found = one()
    assert found.row.url == "http://old.example/2017/05/sample-7/"
    assert found.row.key == "old.example/2017/05/sample-7/"
    assert found.row.title == "样例通知"
    assert found.row.published_at == datetime(2015, 5, 8, 8, tzinfo=UTC)
    assert found.categories == ("样例分类", "news")
    assert found.public
    assert not found.warnings


def test_a_date_without_its_utc_form_is_that_of_china() -> None:
    assert one(post_date_gmt="0000-00-00 00:00:00").row.published_at == datetime(2015, 5, 8, 8, tzinfo=UTC)
    assert one(post_date_gmt="not a date").row.published_at == datetime(2015, 5, 8, 8, tzinfo=UTC)


def test_a_post_without_any_date_has_none() -> None:
    assert one(post_date_gmt="0000-00-00 00:00:00", post_date="0000-00-00 00:00:00").row.published_at is None


@pytest.mark.parametrize(
    "more", [{"status": "draft"}, {"status": "private"}, {"status": "trash"}, {"post_password": "x"}]
)
def test_what_the_public_cannot_see_is_not_public(more: dict[str, str]) -> None:
    assert not one(**more).public


def test_a_page_has_the_category_page_alone() -> None:
    assert one(post_type="page").categories == ("page",)


@pytest.mark.parametrize("kind", ["attachment", "nav_menu_item", "revision", "custom_css", "wp_block"])
def test_other_kinds_are_no_posts(kind: str) -> None:
    assert read(export(post(7, "样例", post_type=kind))) == []


def test_blank_lines_are_paragraphs_and_blocks_stay_blocks() -> None:
    text = "第一段\n第二行\r\n\r\n<div>块</div>\n\n \t\n<table><tr><td>1</td></tr></table>\n\n<strong>末段</strong>"
    assert paragraphs(text) == (
        "<p>第一段<br>第二行</p>\n<div>块</div>\n<table><tr><td>1</td></tr></table>\n<p><strong>末段</strong></p>"
    )


def test_captions_embeds_and_the_editors_marks_leave_what_they_stand_around() -> None:
    content = (
        '<!-- wp:image {"id":1} -->[caption id="a" width="300"]<img src="http://old.example/a.png"> 说明[/caption]'
        "<!-- /wp:image -->\n\n[embed]http://v.example/1?a=1&b=2[/embed]"
    )
    html = one(content=content).row.html
    assert '<img src="http://old.example/a.png"> 说明' in html
    assert '<a href="http://v.example/1?a=1&amp;b=2">' in html
    assert "[" not in html
    assert "<!--" not in html


def test_a_gallery_shows_the_pictures_of_its_post() -> None:
    attachment = post(
        8, '样例"图', post_type="attachment", post_parent="7", attachment_url="http://old.example/up/1.png"
    )
    data = export(post(7, "样例", content="文字\n\n[gallery ids='8']"), attachment)
    assert scan([data], "x").media == {"7": [Media("http://old.example/up/1.png", '样例"图')]}
    (found,) = read(data)
    assert '<img src="http://old.example/up/1.png" alt="样例&quot;图">' in found.row.html


def test_a_shortcode_that_is_not_known_is_doubtful() -> None:
    assert one(content='文字\n\n[contact-form-7 id="3"]').warnings == (SHORTCODE,)
    assert one(content="依据〔2015〕3号和[1]的规定").warnings == ()


def test_a_relative_link_is_completed_and_a_foreign_scheme_is_none() -> None:
    assert one(link="/2015/a/").row.url == "http://old.example/2015/a/"
    assert one(link="javascript:alert(1)").row.url == ""


def test_control_characters_that_xml_forbids_are_dropped() -> None:
    assert one(content="文\x08字\x00\x1f").row.html == "<p>文字</p>"


def test_pieces_may_end_anywhere() -> None:
    data = export(post(7, "样例通知"), post(8, "另一篇"))
    assert read(data, 7) == read(data)


def test_a_look_counts_posts_and_pages_alone() -> None:
    data = export(post(1, "a"), post(2, "b", post_type="page"), post(3, "c", post_type="attachment"))
    assert scan([data], "x").posts == 2


BOMB = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FILE = b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("head", [BOMB, FILE, b"<!doctype html>", b"<!DOCTYPE rss SYSTEM 'http://x.example/a.dtd'>"])
def test_a_document_type_is_refused(head: bytes) -> None:
    with pytest.raises(InputError) as error:
        scan([head + export(post(1, "&b;")).split(b"\n", 1)[1]], "export.xml")
    assert error.value.message.key == "import.hostile_export"


def test_a_document_type_behind_a_long_comment_is_refused_too() -> None:
    data = b"<!--" + b"x" * 5_000 + b"-->" + FILE + b"<rss>&a;</rss>"
    with pytest.raises(InputError) as error:
        scan([data], "export.xml")
    assert error.value.message.key == "import.no_export"


@pytest.mark.parametrize("data", [b"<html><body></body></html>", b"<feed xmlns='http://www.w3.org/2005/Atom'/>"])
def test_another_document_is_no_export(data: bytes) -> None:
    with pytest.raises(InputError) as error:
        scan([data], "export.xml")
    assert error.value.message.key == "import.no_export"


@pytest.mark.parametrize("data", [b"", b"no xml", export(post(1, "样例"))[:-40], b"\xff\xfe<\x00r\x00s\x00s\x00>\x00"])
def test_a_file_that_breaks_off_says_so(data: bytes) -> None:
    with pytest.raises(InputError) as error:
        scan([data], "export.xml")
    assert error.value.message.key == "import.broken_export"


def test_markup_nested_beyond_reason_is_refused() -> None:
    with pytest.raises(InputError):
        scan([export("<item>" + "<a>" * 5_000)], "export.xml")


@given(st.binary(max_size=400), st.integers(0, 1_500))
def test_whatever_is_written_into_an_export_it_is_read_or_refused(dirt: bytes, place: int) -> None:
    data = export(post(1, "样例"))
    with contextlib.suppress(InputError):
        read(data[:place] + dirt + data[place:])


MEASURED = """
import resource
from syndicate.ingest.wordpress import scan
from tests.ingest.exports import export, post
head, foot = export("@").split(b"@")
def pieces(count):
    yield head
    for number in range(count):
        yield post(number, "sample", content="x" * 30_000).encode()
    yield foot
scan(pieces(10), "x")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert scan(pieces(3_000), "x").posts == 3_000
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_an_export_of_90_mb_is_read_in_a_few_megabytes() -> None:
    done = subprocess.run([sys.executable, "-c", MEASURED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 15_000
