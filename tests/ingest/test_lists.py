"""JSON and HTML lists by rules of configuration alone."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import InputError
from syndicate.ingest.lists import read_list
from syndicate.model.source import ListRules, Source
from tests.ingest.conftest import HTML, JSON, document

ROWS = {"data": {"rows": [{"url": "/a.html", "title": "甲<em>乙</em>", "date": "2026-11-23"}, {"url": "b.html"}, 3]}}
LIST = """<base href="/xw/"><ul class="list">
<li><a href="t20261120_1.html" title="全称">简称…</a><span>2026-11-23</span></li>
<li><a href="t20261120_2.html">乙</a></li><li>广告</li></ul>"""


def refused(source: Source, body: str) -> str:
    with pytest.raises(InputError) as caught:
        read_list(source, document(body, source.url))
    return caught.value.message.key


def with_rules(source: Source, **rules: str) -> Source:
    assert source.list_rules is not None
    return replace(source, list_rules=replace(source.list_rules, **rules))


def test_json_rows_are_read_by_their_paths() -> None:
    first, second = read_list(JSON, document(json.dumps(ROWS), JSON.url))

    assert (first.url, first.title) == ("https://www.example.gov.cn/a.html", "甲 乙")
    assert first.published_at is not None
    assert first.published_at.isoformat() == "2026-11-23T00:00:00+08:00"
    assert (second.key, second.title, second.published_at) == ("url:www.example.gov.cn/b.html", "", None)


def test_the_document_itself_may_be_the_list() -> None:
    source = replace(JSON, list_rules=ListRules("", "URL", "TITLE", "DOCRELPUBTIME"))
    body = '\ufeff[{"TITLE": "甲", "SUB_TITLE": "", "URL": "http://a.example/1", "DOCRELPUBTIME": "2026-11-23"}]'

    assert [row.url for row in read_list(source, document(body))] == ["http://a.example/1"]


@pytest.mark.parametrize("wrapped", ["callback({});", "var list = {};", "a.b({})"])
def test_wrapped_json_is_unwrapped(wrapped: str) -> None:
    assert len(read_list(JSON, document(wrapped.replace("{}", json.dumps(ROWS))))) == 2


def test_paths_may_count_and_times_may_be_numbers() -> None:
    source = replace(JSON, list_rules=ListRules("a.1", "0", "1", "2"))
    body = '{"a": [0, [["http://a.example/1", 5, 1795393800000], ["http://a.example/2", true, null]]]}'

    first, second = read_list(source, document(body))

    assert first.published_at is not None
    assert (first.title, first.published_at.hour, second.title) == ("5", 8, "")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"data": 3}', "ingest.rows_missing"),
        ('{"data": {"rows": {}}}', "ingest.rows_missing"),
        ("[]", "ingest.rows_missing"),
        ('{"data": {"rows": [{"link": "/a"}]}}', "ingest.fields_missing"),
        ("<!DOCTYPE html><p>x", "ingest.html_instead_of_json"),
        ("{", "ingest.not_json"),
        ('{"a":' * 90_000, "ingest.not_json"),
        ("[" + "9" * 5_000 + "]", "ingest.not_json"),
        ("", "ingest.empty_body"),
    ],
)
def test_a_json_list_that_is_not_where_it_should_be_is_an_error(body: str, expected: str) -> None:
    assert refused(JSON, body) == expected


def test_an_empty_json_list_is_empty_and_no_error() -> None:
    assert read_list(JSON, document('{"data": {"rows": []}}')) == ()


def test_html_rows_are_read_by_their_selectors() -> None:
    first, second = read_list(HTML, document(LIST, HTML.url))

    assert (first.url, first.title) == ("https://www.example.gov.cn/xw/t20261120_1.html", "简称…")
    assert first.published_at is not None
    assert first.published_at.day == 23
    assert second.title == "乙"


def test_a_row_without_a_date_takes_it_from_the_address() -> None:
    second = read_list(HTML, document(LIST, HTML.url))[1]

    assert second.published_at is not None
    assert second.published_at.day == 20


def test_a_field_may_be_an_attribute_or_the_row_itself() -> None:
    attribute = with_rules(HTML, title="a@title", published="")
    itself = with_rules(HTML, rows="ul.list a", url="@href", title="")

    assert read_list(attribute, document(LIST))[0].title == "全称"
    assert read_list(itself, document(LIST))[1].title == "乙"


def test_no_matching_rows_is_an_empty_list() -> None:
    assert read_list(HTML, document("<p>改版了</p>")) == ()


def test_rows_without_any_address_are_an_error() -> None:
    assert refused(with_rules(HTML, url="b@href"), LIST) == "ingest.fields_missing"


@pytest.mark.parametrize("selector", ["a[", ":::", "li:contains('x')"])
def test_a_selector_that_is_none_is_an_error(selector: str) -> None:
    assert refused(with_rules(HTML, rows=selector), LIST) == "ingest.bad_selector"


def test_a_list_without_rules_is_an_error() -> None:
    assert refused(replace(HTML, list_rules=None), LIST) == "ingest.no_list_rules"


def test_hostile_html_is_refused() -> None:
    assert refused(HTML, "<div>" * 9_000) == "ingest.hostile_markup"


def test_a_gbk_list_page_is_read() -> None:
    page = '<meta charset="gb2312"><ul class=list><li><a href=1.html>朱镕基镇通知</a></ul>'

    assert read_list(HTML, document(page.encode("gb18030")))[0].title == "朱镕基镇通知"


@given(
    st.sampled_from([JSON, HTML]),
    st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
)
def test_any_bytes_give_rows_or_an_input_error(source: Source, body: bytes) -> None:
    try:
        read_list(source, document(body))
    except InputError:
        return


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["data", "rows", "url", "title", "date"]), x),
    )
)
def test_any_json_gives_rows_or_an_input_error(value: object) -> None:
    try:
        read_list(JSON, document(json.dumps(value)))
    except InputError:
        return


def test_of_several_ways_to_a_field_the_first_that_says_something_counts() -> None:
    source = with_rules(HTML, title="a@title || a", published="em || span")
    page = (
        '<ul class="list"><li><a href="/1.html" title="全称">简…</a><span>2026-11-20</span></li>'
        '<li><a href="/2.html">乙</a><em>热</em><span>2026-11-21</span></li></ul>'
    )
    rows = read_list(source, document(page))
    assert [(row.title, f"{row.published_at:%d}") for row in rows] == [("全称", "20"), ("乙", "21")]


def test_a_row_that_only_lies_around_another_one_is_passed_over() -> None:
    source = with_rules(HTML, rows="tr")
    page = (
        "<table><tr><td><table><tr><td><a href='/1.html'>甲</a><span>2026-11-20</span></td></tr>"
        "<tr><td><a href='/2.html'>乙</a><span>2026-11-21</span></td></tr></table></td></tr></table>"
    )
    rows = read_list(source, document(page))
    assert [(row.title, f"{row.published_at:%d}") for row in rows] == [("甲", "20"), ("乙", "21")]


def test_rows_that_jcms_keeps_for_its_script_are_read() -> None:
    source = with_rules(HTML, rows="li")
    page = (
        "<script type='text/xml'><datastore><recordset><record><![CDATA[<li><a href='/art/1.html'>甲</a>"
        "<span>2026-11-20</span></li>]]></record><record><![CDATA[<li><a href='/art/2.html'>乙</a></li>]]></record>"
        "</recordset></datastore></script>"
    )
    assert [row.title for row in read_list(source, document(page))] == ["甲", "乙"]


def test_only_addresses_that_the_source_wants_are_rows() -> None:
    page = '<ul class="list"><li><a href="/about.html">关于</a></li><li><a href="/202611/t20261120_1.html">甲</a></li></ul>'
    rows = read_list(replace(HTML, only=r"/t\d{8}_\d+\.html"), document(page))
    assert [row.title for row in rows] == ["甲"]


def test_a_star_in_a_path_goes_through_every_member() -> None:
    source = with_rules(JSON, rows="catMap.*.listVO", published="")
    body = '{"catMap":{"a":{"listVO":[{"url":"/1.html","title":"甲"}]},"b":{"listVO":[{"url":"/2.html","title":"乙"}]},"c":null}}'
    assert [row.title for row in read_list(source, document(body))] == ["甲", "乙"]


def test_a_json_field_may_have_several_names() -> None:
    source = with_rules(JSON, rows="", title="name || title", published="at || date")
    body = '[{"url":"/1.html","title":"甲","date":"2026-11-20"},{"url":"/2.html","name":"乙","at":1795393800000}]'
    rows = read_list(source, document(body))
    assert [(row.title, row.published_at is not None) for row in rows] == [("甲", True), ("乙", True)]
