"""Feeds, and every gap of feedparser that was measured."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import InputError
from syndicate.ingest.lists import read_list
from syndicate.model.source import Row
from tests.ingest.conftest import FEED, document

ITEM = '<item><title>{title}</title><link>https://a.example/{n}</link><guid isPermaLink="false">g{n}</guid><pubDate>{date}</pubDate></item>'


def rss(*items: str, declared: str = "utf-8") -> str:
    return f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel>{"".join(items)}</channel></rss>'


def item(title: str = "样例标题", n: int = 1, date: str = "2026-11-23 08:30:00") -> str:
    return ITEM.format(title=title, n=n, date=date)


def rows(body: str | bytes, content_type: str = "", full_text: bool = False) -> tuple[Row, ...]:
    source = replace(FEED, full_text=full_text)
    return read_list(source, document(body, FEED.url, content_type))


def refused(body: str | bytes) -> str:
    with pytest.raises(InputError) as caught:
        rows(body)
    return caught.value.message.key


def test_a_row_has_key_address_title_and_time() -> None:
    (row,) = rows(rss(item()))

    assert (row.key, row.url, row.title) == ("guid:g1", "https://a.example/1", "样例标题")
    assert row.published_at is not None
    assert row.published_at.isoformat() == "2026-11-23T08:30:00+08:00"


# The gaps of feedparser (measurements §9.2), in their order.
def test_gap_1_one_illegal_byte_in_a_gbk_feed_costs_one_character_and_not_the_feed() -> None:
    body = rss(item("云川县样例通知一"), item("第二条样例", 2), declared="gbk").encode("gbk")
    broken = body.replace("通知".encode("gbk"), "通".encode("gbk") + b"\xff" + "知".encode("gbk"))

    assert [row.title for row in rows(broken)] == ["云川县样例通\ufffd知一", "第二条样例"]


def test_gap_1_gbk_bytes_declared_as_utf8_come_out_right() -> None:
    body = rss(item("云川县样例通知一")).encode("gbk")

    assert rows(body, "text/xml; charset=utf-8")[0].title == "云川县样例通知一"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026年11月23日", "2026-11-23T00:00:00+08:00"),
        ("2026/11/23 08:30", "2026-11-23T08:30:00+08:00"),
        ("Mon, 23 Nov 2026 08:30:00 CST", "2026-11-23T08:30:00+08:00"),
        ("2026-11-23 08:30:00", "2026-11-23T08:30:00+08:00"),
        ("1795393800000", "2026-11-23T08:30:00+08:00"),
        ("二〇二六年十一月二十三日", "2026-11-23T00:00:00+08:00"),
        ("不详", None),
    ],
)
def test_gaps_2_to_4_dates_are_right_or_unknown(written: str, expected: str | None) -> None:
    published = rows(rss(item(date=written)))[0].published_at

    assert (published.isoformat() if published else None) == expected


@pytest.mark.parametrize("body", ["", "  \r\n", "\ufeff"])
def test_gap_5_an_empty_body_is_an_error(body: str) -> None:
    assert refused(body) == "ingest.empty_body"


def test_gap_5_a_web_page_instead_of_a_feed_is_an_error() -> None:
    assert refused("<!DOCTYPE html><html><title>404</title></html>") == "ingest.html_instead_of_feed"


def test_gap_6_items_without_guid_and_link_get_our_own_key() -> None:
    first, second = rows(rss("<item><title>甲</title></item>", "<item><title>乙</title></item>"))

    assert first.key.startswith("hash:")
    assert first.key != second.key


def test_gap_7_the_text_is_never_taken_for_a_file_name(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert refused(str(tmp_path_factory.getbasetemp())) == "ingest.not_a_feed"


@pytest.mark.parametrize(
    "body",
    [
        "\r\n  " + rss(item()),
        rss(item()).replace("样例", "样\x08例"),
        rss(item().replace("样例", "样&nbsp;例")),
        rss(item().replace("https://a.example/1", "https://a.example/1?a=1&b=2")),
        rss(item(), declared="no-such-encoding"),
        rss(item()).replace("<rss", '<!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd"><rss'),
    ],
)
def test_a_slightly_broken_feed_is_read(body: str) -> None:
    (row,) = rows(body)

    assert row.key == "guid:g1"


def test_a_cut_off_feed_gives_its_complete_rows() -> None:
    whole = rss(item(n=1), item(n=2), item(n=3))

    assert [row.key for row in rows(whole[: whole.index("g3")])] == ["guid:g1", "guid:g2"]


def test_a_feed_without_items_is_empty_and_no_error() -> None:
    assert rows(rss()) == ()


@pytest.mark.parametrize("body", ["just text", '{"version": "1"}', "{", "[" * 100_000, "<a><b/></a>", '{"a":' * 9_000])
def test_what_is_no_feed_is_an_error(body: str) -> None:
    assert refused(body) in ("ingest.not_a_feed", "ingest.not_json")


def test_entities_of_the_document_are_never_expanded() -> None:
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = rss(item("&l9;")).replace("<rss", f'<!DOCTYPE rss [<!ENTITY l0 "lol">{bomb}]><rss')

    assert len(rows(body)[0].title) < 10


def test_an_entity_cannot_read_a_file() -> None:
    body = rss(item("&x;")).replace("<rss", '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss')

    assert "root" not in rows(body)[0].title


@pytest.mark.parametrize(
    "body",
    [
        rss("<item>" * 50_000),
        rss("<item " + " ".join(f"a{n}='1'" for n in range(50_000)) + "/>"),
        rss(*(f"<x{n}:a xmlns:x{n}='u{n}'/>" for n in range(20_000))),
        rss("<item><title>" + "<a " * 100_000),
        rss("<![CDATA[" * 100_000),
    ],
)
def test_a_feed_built_to_keep_the_parser_busy_is_refused(body: str) -> None:
    began = time.monotonic()

    assert refused(body) in ("ingest.too_large", "ingest.hostile_markup")
    assert time.monotonic() - began < 5


def test_sloppy_html_inside_cdata_is_no_nesting() -> None:
    description = "<description><![CDATA[" + "<div>" * 900 + "]]></description></item>"
    items = [item(n=n).replace("</item>", description) for n in range(4)]

    assert len(rows(rss(*items))) == 4


def test_atom_entries_are_rows() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:a</id><title type="html">甲&lt;b&gt;乙</title>'
        '<link href="/x.html"/><updated>2026-11-23T08:30:00+08:00</updated></entry></feed>'
    )

    (row,) = rows(atom)

    assert (row.key, row.url, row.title) == ("guid:tag:a", "https://www.example.gov.cn/x.html", "甲 乙")
    assert row.published_at is not None


def test_rdf_items_are_rows() -> None:
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<channel/><item rdf:about="https://a.example/1"><title>甲</title><link>https://a.example/1</link></item></rdf:RDF>'
    )

    assert [row.url for row in rows(rdf)] == ["https://a.example/1"]


JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "items": [
  {"id": "1", "url": "/a.html", "title": "甲", "content_text": "第一行\\n<二>", "date_published": "2026-11-23T08:30:00Z"},
  {"id": "2", "url": "/b.html", "title": "乙", "content_html": "<p>丙</p>"}, "nonsense"]}"""


def test_json_feed_items_are_rows() -> None:
    first, second = rows(JSON_FEED, full_text=True)

    assert (first.url, first.html) == ("https://www.example.gov.cn/a.html", "<p>第一行</p><p>&lt;二&gt;</p>")
    assert (second.key, second.html) == ("guid:2", "<p>丙</p>")


def test_a_json_feed_without_items_is_empty() -> None:
    assert rows('{"version": "https://jsonfeed.org/version/1", "items": 3}') == ()


def test_the_feeds_own_text_is_kept_only_where_it_is_the_article() -> None:
    body = rss(item().replace("</item>", "<description>&lt;p&gt;正文&lt;/p&gt;</description></item>"))

    assert [rows(body)[0].html, rows(body, full_text=True)[0].html] == ["", "<p>正文</p>"]


def test_a_link_that_is_no_web_address_is_left_out() -> None:
    assert rows(rss("<item><title>甲</title><link>javascript:1</link></item>"))[0].url == ""


def test_a_guid_that_is_an_address_serves_as_link() -> None:
    (row,) = rows(rss("<item><title>甲</title><guid>https://a.example/9</guid></item>"))

    assert (row.url, row.key) == ("https://a.example/9", "guid:a.example/9")


def test_one_guid_on_many_addresses_swallows_nothing() -> None:
    same = [item(n=n).replace(f">g{n}</guid>", ">same</guid>") for n in range(1, 4)]

    assert len({row.key for row in rows(rss(*same))}) == 3


def test_a_row_that_stands_twice_is_one() -> None:
    assert len(rows(rss(item(), item()))) == 1


def test_a_very_long_guid_becomes_a_short_key() -> None:
    (row,) = rows(rss(item().replace("g1", "g" * 490 + "尾")))

    assert len(row.key) <= 500


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: rss(item(text)).encode("utf-8", "ignore")))
def test_any_bytes_give_rows_or_an_input_error(body: bytes) -> None:
    try:
        read = rows(body)
    except InputError:
        return

    assert len({row.key for row in read}) == len(read)


def test_of_a_feed_with_very_many_tags_the_first_entries_are_read() -> None:
    entries = [f"<item><title>第{n}条</title><guid>{n}</guid></item>" for n in range(20_000)]
    rows = read_list(FEED, document(rss(*entries)))
    assert (rows[0].title, len(rows)) == ("第0条", 5_000)


def test_much_markup_inside_cdata_is_no_reason_to_refuse_a_feed() -> None:
    text = "<![CDATA[" + "<p>样例</p>" * 200 + "]]>"
    entries = [
        f"<item><title>第{n}条</title><guid>{n}</guid><description>{text}</description></item>" for n in range(600)
    ]
    assert len(read_list(FEED, document(rss(*entries)))) == 600
