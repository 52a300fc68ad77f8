"""Every way in which the families of government publishing systems page their lists (domain reference §8.2, §8.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
import yaml

from syndicate.records import sources
from tests.databases import on_one
from tests.flow.web import Beat, Page, article, dumped

pytestmark = on_one
HEX = "0123456789abcdef0123456789abcdef"
Link = Callable[[int], str]


@dataclass(frozen=True)
class Family:
    """A source's file without title, column and organ; the answers by path and question; how article n is addressed."""

    path: str
    file: Mapping[str, object]
    answers: Mapping[str, bytes]
    link: Link


def rows(link: Link, *numbers: int) -> str:
    return "".join(
        f"<li><a href='{link(n)}' title='样例通知第{n}号'>样例通知…</a><span>2026-11-2{n}</span></li>" for n in numbers
    )


def page(link: Link, *numbers: int, more: str = "") -> bytes:
    return (
        f"<html><head><meta charset='utf-8'></head><body><ul>{rows(link, *numbers)}</ul>{more}</body></html>".encode()
    )


def table(link: Link, *numbers: int, encoding: str = "utf-8", more: str = "") -> bytes:
    """A table with number, title and date, as prefectures and counties have it."""
    cells = "".join(
        f"<tr><td>{n}</td><td><div><a href='{link(n)}'>样例通知第{n}号</a></div></td><td>2026-11-2{n}</td></tr>"
        for n in numbers
    )
    head = f"<html><head><meta charset='{encoding}'></head><body><div id='list'><table>"
    return f"{head}{cells}</table></div>{more}</body></html>".encode(encoding)


def records(link: Link, *numbers: int, following: str) -> str:
    """Rows of a jcms list with the address of the next ones."""
    filled = "".join(f"<record><![CDATA[\n{rows(link, n)}]]></record>" for n in numbers)
    group = f'<nextgroup><![CDATA[<a href="{following}"></a>]]></nextgroup>'
    return f"<datastore><totalrecord>4</totalrecord>{group}<recordset>{filled}</recordset></datastore>"


def _trs(number: int) -> str:
    return f"./202611/t2026112{number}_{number}.html"


def _kaipu(number: int) -> str:
    return f"/x/c1/202611/{HEX[:-1]}{number}.shtml"


def _gkmlpt(number: int) -> str:
    return f"/gkmlpt/content/0/1/post_{number}.html"


def _vsb(number: int) -> str:
    return f"/info/1006/{number}.htm"


def _jcms(number: int) -> str:
    return f"/art/2026/11/2{number}/art_735_{number}.html"


def _plain(number: int) -> str:
    return f"/{number}.html"


PROXY = "/module/web/jpage/dataproxy.jsp?page={page}&appid=1&webid=3&path=/&columnid=735&unitid=20&permissiontype=0"
TABLE = {"kind": "html", "list": {"rows": "#list tr", "url": "td:nth-child(2) a@href", "title": "td:nth-child(2) a", "published": "td:last-child"}}  # fmt: skip
SCRIPT = "<script>createPageHTML({pages}, 0, 'index', 'html');</script>"


def _answers(path: Callable[[int], str], *bodies: bytes) -> Mapping[str, bytes]:
    return {path(number): body for number, body in enumerate(bodies, start=1)}


def _jcms_answers() -> Mapping[str, bytes]:
    first = records(_jcms, 4, 3, following=PROXY.format(page=1).replace("&", "&amp;"))
    again = records(_jcms, 4, 3, following=PROXY.format(page=2))
    last = records(_jcms, 2, 1, following=PROXY.format(page=3))
    end = "<datastore><totalrecord>4</totalrecord><nextgroup></nextgroup><recordset></recordset></datastore>"
    column = f"<html><body><div id='20'><script type='text/xml'>{first}</script></div></body></html>"
    answers = {"/col/col735/index.html": column}
    answers |= {PROXY.format(page=1): again, PROXY.format(page=2): last, PROXY.format(page=3): end}
    return {path: text.encode() for path, text in answers.items()}


FAMILIES: dict[str, Family] = {
    "TRS: index_1.html is page 2, createPageHTML counts": Family(
        "/x/index.html",
        {"preset": "trs"},
        {
            "/x/index.html": page(_trs, 4, 3, more=SCRIPT.format(pages=2)),
            "/x/index_1.html": page(_trs, 2, 1),
            "/x/index_2.html": page(_trs, 9, more="must not be read: the script counts two pages"),
        },
        _trs,
    ),
    "TRS: index_2.html is page 2": Family(
        "/x/", {"preset": "trs"}, {"/x/": page(_trs, 4, 3), "/x/index_2.html": page(_trs, 2, 1)}, _trs
    ),
    "kaipu: _2.shtml, 404 ends it": Family(
        "/gxt/zfxxgk_gknrz.shtml",
        {"preset": "kaipu"},
        {"/gxt/zfxxgk_gknrz.shtml": page(_kaipu, 4, 3), "/gxt/zfxxgk_gknrz_2.shtml": page(_kaipu, 2, 1)},
        _kaipu,
    ),
    "gkmlpt: ?page=2 of the interface": Family(
        "/gkmlpt/api/all/0",
        {"preset": "gkmlpt"},
        {
            "/gkmlpt/api/all/0": dumped({"articles": [{"url": _gkmlpt(n), "title": f"样例通知第{n}号"} for n in (4, 3)]}),
            "/gkmlpt/api/all/0?page=2": dumped({"articles": [{"url": _gkmlpt(n), "title": f"样例通知第{n}号"} for n in (2, 1)]}),
            "/gkmlpt/api/all/0?page=3": dumped({"articles": []}),
        },
        _gkmlpt,
    ),
    "VSB: list/N.htm descending": Family(
        "/xw/list.htm",
        {"preset": "vsb"},
        {
            "/xw/list.htm": page(_vsb, 4, 3, more="<a href='list/12.htm'>下页</a><a href='list/1.htm'>尾页</a>"),
            "/xw/list/12.htm": page(_vsb, 2),
            "/xw/list/11.htm": page(_vsb, 1),
        },
        _vsb,
    ),
    "jcms: nextgroup names dataproxy.jsp": Family("/col/col735/index.html", {"preset": "jcms"}, _jcms_answers(), _jcms),
    "UCAP: one JSON list without pages": Family(
        "/LIEBIAO.json",
        {"preset": "ucap"},
        {"/LIEBIAO.json": dumped([{"TITLE": f"样例通知第{n}号", "URL": _plain(n), "DOCRELPUBTIME": "2026-11-20"} for n in (4, 3, 2, 1)])},
        _plain,
    ),
    "a parameter of an address that has others (iList.jsp)": Family(
        "/info/iList.jsp?cat_id=15739&cur_page=1",
        {"kind": "html", "list": {"rows": "li", "url": "a@href", "title": "a@title"}, "paging": {"address": "&cur_page={page}"}},
        _answers(lambda n: f"/info/iList.jsp?cat_id=15739&cur_page={n}", page(_plain, 4, 3), page(_plain, 2, 1)),
        _plain,
    ),
    "?page=N of an .aspx page": Family(
        "/Government/PublicInfoList.aspx?ThemeId=2",
        {**TABLE, "paging": {"address": "&page={page}"}},
        {
            "/Government/PublicInfoList.aspx?ThemeId=2": table(_plain, 4, 3),
            "/Government/PublicInfoList.aspx?ThemeId=2&page=2": table(_plain, 2, 1),
        },
        _plain,
    ),
    "index_2.html in gb2312": Family(
        "/html/zcfg/index.html",
        {**TABLE, "paging": {"address": "{stem}_{page}{suffix}"}},
        {
            "/html/zcfg/index.html": table(_plain, 4, 3, encoding="gb2312"),
            "/html/zcfg/index_2.html": table(_plain, 2, 1, encoding="gb2312"),
        },
        _plain,
    ),
    "N.htm, the highest number is the newest": Family(
        "/open/guard/catalog/7.htm",
        {**TABLE, "paging": {"address": "{page}.htm", "numbers": "descending"}},
        {
            "/open/guard/catalog/7.htm": table(_plain, 4, 3, more="<a href='6.htm'>下一页</a><a href='1.htm'>末页</a>"),
            "/open/guard/catalog/6.htm": table(_plain, 2),
            "/open/guard/catalog/5.htm": table(_plain, 1),
        },
        _plain,
    ),
    "column-index-N.shtml, a script counts": Family(
        "/cd/column-index-1.shtml",
        {"kind": "html", "list": {"rows": "li", "url": "a@href", "title": "a@title"}, "paging": {"address": "column-index-{page}.shtml"}},
        {
            "/cd/column-index-1.shtml": page(_plain, 4, 3, more="<script>var totalPage = 2;</script>"),
            "/cd/column-index-2.shtml": page(_plain, 2, 1),
            "/cd/column-index-3.shtml": page(_plain, 9),
        },
        _plain,
    ),
    "interface-cms: POST with pageNum": Family(
        "/interface-cms/qry",
        {
            "kind": "json",
            "list": {"rows": "results", "url": "url", "title": "title", "published": "publishedTime"},
            "asking": {"body": '{"pageNum": {page}, "pageSize": 2}'},
            "paging": {"most": 5},
        },
        {
            f'/interface-cms/qry\n{{"pageNum": {n}, "pageSize": 2}}': dumped(
                {"results": [{"url": _plain(m), "title": f"样例通知第{m}号", "publishedTime": "2026-11-20"} for m in found]}
            )
            for n, found in ((1, (4, 3)), (2, (2, 1)), (3, ()))
        },
        _plain,
    ),
}  # fmt: skip


def follow(beat: Beat, family: Family) -> None:
    """Write the source's file with nothing but what the family needs."""
    common = {"title": "样例", "column": "news", "organ": "样例市政府办", "url": f"{beat.web.base}{family.path}"}
    text = yaml.safe_dump({**family.file, **common, "allow": [beat.web.host]}, allow_unicode=True)
    folder = beat.desk.home / "content" / "sources"
    folder.mkdir(exist_ok=True)
    (folder / "x.yaml").write_text(text, "utf-8")
    beat.desk.reload()
    for path, body in family.answers.items():
        beat.web.pages[path] = Page(body, type="text/html" if body.startswith(b"<html") else "text/plain")
    for number in range(1, 5):
        path = family.link(number).replace("./", "/x/")
        beat.web.pages[path] = Page(article(f"样例通知第{number}号"))


@pytest.mark.parametrize("name", FAMILIES)
def test_the_first_look_reads_every_page_of_the_family(beat: Beat, name: str) -> None:
    follow(beat, FAMILIES[name])
    found = beat.one("x")
    assert (found.why, found.new, len(sources.seen("x"))) == (None, 4, 4)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_second_look_reads_the_first_page_only(beat: Beat, name: str) -> None:
    family = FAMILIES[name]
    follow(beat, family)
    beat.one("x")
    before = len(beat.web.asked), len(beat.web.posted)
    beat.one("x")
    assert (len(beat.web.asked) - before[0]) + (len(beat.web.posted) - before[1]) == 1
