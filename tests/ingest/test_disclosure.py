"""信息公开 fields as policy pages print them."""

from dataclasses import replace

import pytest

from tests.ingest.conftest import ROW
from tests.ingest.reading import TEXT, page, published, read

FIELDS = {"索引号": "000000000/2026-00001", "发文机关": "样例县人民政府", "发文字号": "样政发〔2026〕1号"}


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td><b>索 引 号：</b></td><td>000000000/2026-00001</td><td>发文机关：</td><td>样例县人民政府</td></tr>"
        "<tr><td>发文字号：</td><td>样政发〔2026〕1号</td><td>主 题 词：</td><td></td></tr></table>",
        "<ul><li>索引号：000000000/2026-00001</li><li>发布机构: 样例县人民政府</li><li>文　号：样政发〔2026〕1号</li></ul>",
        "<dl><dt>索引号</dt> <dd>000000000/2026-00001</dd><dt>发布机关</dt><dd>样例县人民政府</dd><dt>文号</dt><dd>样政发〔2026〕1号</dd>"
        "<dt>尾</dt></dl>",
        "<table><tr><td>索引号：000000000/2026-00001</td><td>发文机关：样例县人民政府</td></tr>"
        "<tr><td>发文字号：样政发〔2026〕1号</td></tr></table>",
        "<span id=syh>索引号：000000000/2026-00001</span><span id=fwjg>样例县人民政府</span><p class=wh>样政发〔2026〕1号</p>",
    ],
)
def test_disclosure_fields_are_read_from_tables_lists_and_lines(table: str) -> None:
    assert dict(read(page(f'{table}<div id="zoom">{TEXT}</div>')).content.fields) == FIELDS


def test_fields_give_title_and_day_where_meta_tags_are_missing() -> None:
    table = "<table><tr><td>标题：</td><td>样例通知</td><td>发布日期：</td><td>2026年11月02日</td></tr></table>"
    extracted = read(page(f'{table}<div id="zoom">{TEXT}</div>', ""), row=replace(ROW, title=""))

    assert (extracted.content.title, published(extracted)) == ("样例通知", "2026-11-02 00:00:00")


def test_one_lone_label_is_no_table_of_fields() -> None:
    assert dict(read(page(f'<p>标题：样例</p><div id="zoom">{TEXT}</div>')).content.fields) == {}


def test_labels_inside_the_body_are_no_fields() -> None:
    table = "<table><tr><td>文号：</td><td>甲</td><td>标题：</td><td>乙</td></tr></table>"

    assert dict(read(page(f'<div id="zoom">{TEXT}{table}</div>')).content.fields) == {}


def test_configured_field_selectors_win() -> None:
    html = page(f'<p class="n">样字1号</p><p>文号：别的</p><p>索引号：1</p><div id="zoom">{TEXT}</div>')

    assert read(html, fields={"发文字号": ".n", "有效性": ".none"}).content.fields["发文字号"] == "样字1号"
