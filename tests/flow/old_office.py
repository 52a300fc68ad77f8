"""An invented former website on a loopback server, in families of publishing systems and of its own make.

Every name and text is a sample.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from html import escape
from pathlib import Path

from syndicate.flow.importing import Imported, import_site
from syndicate.flow.old_site import OldSite, crawl, named_columns, open_export
from syndicate.model.review import Actor
from syndicate.net.fetcher import Fetcher
from syndicate.records import imports
from tests.flow.office import PUBLISHER, Desk
from tests.flow.web import PNG, QUICK, Beat, Page
from tests.ingest.exports import TEXT

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
TRS_LIST, VSB_LIST, PLAIN_LIST = "/zwgk/tzgg/", "/xwzx.htm", "/list.php?cid=3"


def old_article(title: str, date: str, source: str = "样例县人民政府办公室", body: str = "") -> bytes:
    """A page with its date and source beside the title, as old systems print them."""
    return (
        f"<!doctype html><html><head><meta charset='utf-8'><title>{escape(title)}-旧网站</title></head><body>"
        f"<h1>{escape(title)}</h1><div class='info'>发布时间：{date}　来源：{source}</div>"
        f"<div class='TRS_Editor'><p>{escape(title)}。{TEXT}</p><p>{TEXT}</p>{body}</div></body></html>"
    ).encode()


def trs(beat: Beat, pages: int = 3, rows: int = 4) -> list[str]:
    """A column of the TRS family: `t20190506_1.html`, further pages `index_1.html`; returns its titles, newest first."""
    titles = []
    for page in range(pages):
        lines = []
        for row in range(rows):
            number = (pages - page) * rows - row
            day, title = f"2019-{number // 28 + 1:02}-{number % 28 + 1:02}", f"样例公告第{number}号"
            name = f"t{day.replace('-', '')}_{number}.html"
            picture = f"<p><img src='./P{number}.png'></p><p><a href='./P{number}.pdf'>附件.pdf</a></p>"
            beat.web.pages[f"{TRS_LIST}{name}"] = Page(old_article(title, f"{day} 09:30", body=picture))
            beat.web.pages[f"{TRS_LIST}P{number}.png"] = Page(PNG + bytes([number % 256]), type="image/png")
            beat.web.pages[f"{TRS_LIST}P{number}.pdf"] = Page(PDF + f"%{number}".encode(), type="application/pdf")
            lines.append(f"<li><a href='./{name}' title='{title}'>{title}</a><span>{day}</span></li>")
            titles.append(title)
        listing = f"<html><body><ul>{''.join(lines)}</ul><script>createPageHTML({pages}, {page}, 'index', 'html');</script></body></html>"
        beat.web.pages[TRS_LIST + ("" if page == 0 else f"index_{page}.html")] = Page(listing.encode())
    return titles


def vsb(beat: Beat, pages: int = 3, rows: int = 3) -> None:
    """A column of the VSB family: `info/1001/7.htm`; the newest page is `xwzx.htm`, the oldest `xwzx/1.htm`."""
    for page in range(1, pages + 1):
        lines = []
        for row in range(rows):
            number = page * rows - row
            title, day = f"样例新闻报道第{number}期", f"2020-06-{number:02}"
            body = f"<div id='vsb_content'><p>{title}。{TEXT}</p></div>"
            article = f"<html><meta charset='utf-8'><title>{title}</title><h1>{title}</h1>发布时间：{day}{body}</html>"
            beat.web.pages[f"/info/1001/{number}.htm"] = Page(article.encode())
            lines.append(f"<li><a href='/info/1001/{number}.htm' title='{title}'>{title}</a><span>{day}</span></li>")
        further = "".join(f"<a href='/xwzx/{number}.htm'>{number}</a>" for number in range(1, pages))
        listing = f"<html><script src='/_vsb_main.js'></script><ul>{''.join(lines)}</ul>{further}</html>"
        beat.web.pages[VSB_LIST if page == pages else f"/xwzx/{page}.htm"] = Page(listing.encode())


def plain(beat: Beat, pages: int = 2, rows: int = 3) -> None:
    """A column of no known family: `show.php?id=7`, further pages by a link to the next one."""
    for page in range(1, pages + 1):
        lines = []
        for row in range(rows):
            number = 100 + (pages - page + 1) * rows - row
            title = f"样例动态报道第{number}期内容"
            beat.web.pages[f"/show.php?id={number}"] = Page(
                old_article(title, f"2018-03-{number % 28 + 1:02}", "样例日报")
            )
            lines.append(
                f"<li><a href='/show.php?id={number}'>{title}</a><span>2018-03-{number % 28 + 1:02}</span></li>"
            )
        further = f"<a href='/list.php?cid=3&page={page + 1}'>下一页</a>" if page < pages else ""
        listing = f"<html><body><ul class='list'>{''.join(lines)}</ul>{further}</body></html>"
        beat.web.pages[PLAIN_LIST + ("" if page == 1 else f"&page={page}")] = Page(listing.encode())


def fetcher(desk: Desk) -> Fetcher:
    return Fetcher(clock=lambda: desk.now, gap=timedelta(0), limits=QUICK)


def crawled(beat: Beat, *pairs: str) -> OldSite:
    wanted = named_columns(pairs, beat.desk.workspace.snapshot.columns)
    return crawl(beat.desk.workspace, fetcher(beat.desk), f"{beat.web.base}/", wanted, (beat.web.host,))


def imported(beat: Beat, *pairs: str, actor: Actor = PUBLISHER) -> Imported:
    site = crawled(beat, *pairs)
    return import_site(beat.desk.workspace, actor, fetcher(beat.desk), site, lambda _: None)


def opened(desk: Desk, data: bytes, pairs: Sequence[str] = ("news=news",), allow: tuple[str, ...] = ()) -> OldSite:
    file = desk.home / "export.xml"
    file.write_bytes(data)
    wanted = named_columns(pairs, desk.workspace.snapshot.columns)
    return open_export(desk.workspace, Path(file), wanted, allow)


def taken(desk: Desk, site: OldSite, progress: Callable[[str], None] = lambda _: None) -> Imported:
    return import_site(desk.workspace, PUBLISHER, fetcher(desk), site, progress)


def site(desk: Desk) -> dict[str, str]:
    """Every text file of the website."""
    root = desk.home / "var" / "site"
    pages = (path for path in root.rglob("*") if path.suffix in (".html", ".xml"))
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in pages}


def titles(page: str) -> list[str]:
    """The articles of a list page, in its order."""
    return re.findall(r'<li><a dir="auto"[^>]*>([^<]*)</a><time', page)


def item_at(beat: Beat, path: str) -> int:
    known = imports.known(f"{beat.web.host}{path}")
    assert known is not None
    return known[0]


def moment(beat: Beat, text: str) -> datetime:
    year, month, day, hour, minute = map(int, re.findall(r"\d+", text))
    return beat.desk.now.replace(year=year, month=month, day=day, hour=hour, minute=minute, second=0, microsecond=0)


FIRST = f"{TRS_LIST}t20190102_1.html"
