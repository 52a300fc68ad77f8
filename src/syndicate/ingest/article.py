"""A fetched article page → an item's content: title, time, source, fields, body and the files it wants."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape

from selectolax.lexbor import LexborNode

from syndicate.errors import InputError
from syndicate.ingest.addresses import absolute
from syndicate.ingest.bodies import DOUBTFUL, Body, clean_body, find_body, near_title
from syndicate.ingest.dates import date_in_address, read_date
from syndicate.ingest.disclosure import disclosure_fields
from syndicate.ingest.documents import plain, text_of
from syndicate.ingest.files import file_name, media_type, role_of
from syndicate.ingest.pages import Page, fragment, open_page
from syndicate.model.item import Content, Extracted, FileRole, ItemKind, WantedFile
from syndicate.model.source import Document, Row, Source

_CUT_OFF = ("…", "...", "‥")
_OWN_SITE = frozenset({"本网", "本站", "本网站", "本站原创", "原创", "本站编辑"})
"""ContentSource values that mean the site itself (RSSHub general.ts)."""
_TIME_META = re.compile(r"pub(?:lish|lished|lication)?[ _.:-]?(?:date|time)(?!\w)")
"""Names of meta tags that say when something was published: `article:published_time`, `publishdate` …"""
_MOST_FILES = 200
_LONGEST_NAME = 100
"""Characters of a unit's name; the configuration takes no longer ones either."""
_LONGEST_BLOCK = 300
"""Characters of a block of attachments beside the text; a longer one is a page."""
_SITE_ENDS = ("网", "网站", "官网", "门户", "平台", "政府", "新闻")
"""How names of sites end where a page's window title carries one after a dash."""


def read_article(source: Source, row: Row, document: Document) -> Extracted:
    """Read one article. Where `source.full_text` is set the feed's own text is the article and `document` the feed.

    Title, time and source: government meta tags, the source's selectors, what the page prints, the list's row.
    Body: the source's selector, selectors of known systems, readability cross-checked with trafilatura.
    Raises `InputError` where there is no text or no title; what is merely doubtful is named in `warnings`.
    """
    if source.full_text:
        return _from_row(source, row, document)
    if not document.body.lstrip()[:1].startswith(b"<") and (file := _as_file(row, document)):
        return _file_only(source, row, file, document)
    return _from_page(source, row, document)


@dataclass(frozen=True)
class _Facts:
    """What a page says about its article."""

    title: str
    published_at: datetime | None
    source_name: str
    fields: Mapping[str, str]


def _from_page(source: Source, row: Row, document: Document) -> Extracted:
    page = open_page(document, source.encoding)
    rules = source.article_rules
    chosen = {"title": page.first_text(rules.title), "published": page.first_text(rules.published)}
    chosen["source_name"] = page.first_text(rules.source_name)
    configured = disclosure_fields(page, rules.fields) if rules.fields else {}
    # Before the body is taken out: time and unit stand between title and text, sometimes inside the text's element.
    window = page.shown_part(page.first_text("title"))
    shown = row.title if page.shown_part(row.title) else window
    chosen["time_beside"], chosen["source_beside"] = page.time_beside(shown), page.source_beside(shown)
    chosen["above"] = page.heading_above_time()
    body = find_body(page, rules.body, rules.remove)
    fields = {**disclosure_fields(page, {}), **configured}
    title = _title(page, chosen, fields, row, window)
    published = _published(page, chosen, fields, row, document.fetched_at)
    facts = _Facts(title, published, _source_name(page, chosen, source), fields)
    doubtful = body.guessed and bool(title) and not near_title(page, body.html, title)
    warnings = (*body.warnings, *((DOUBTFUL,) if doubtful else ()), *(("ingest.replaced",) if page.replaced else ()))
    wanted = _wanted(body.html, _attachments_beside(page))
    summary = page.meta.get("description", "") or row.summary
    return _extracted(row, document, facts, Body(body.html, warnings), wanted, page.meta.get("author", ""), summary)


def _from_row(source: Source, row: Row, document: Document) -> Extracted:
    body = clean_body(row.html, row.url or document.url, source.article_rules.remove)
    if not plain(body.html) and "<img" not in body.html:
        raise InputError("ingest.no_body", url=row.url or document.url)
    facts = _Facts(row.title, row.published_at, source.organ, {})
    warnings = (*body.warnings, *(("ingest.replaced",) if "\ufffd" in row.html + row.title else ()))
    return _extracted(row, document, facts, Body(body.html, warnings), _wanted(body.html, ()), "", row.summary)


def _as_file(row: Row, document: Document) -> WantedFile | None:
    """The attachment that a row leads to instead of a page."""
    try:
        media_type(document.body, row.title, FileRole.ATTACHMENT)
    except InputError:
        return None
    return WantedFile(document.url, file_name(row.title, document.url), FileRole.ATTACHMENT)


def _file_only(source: Source, row: Row, file: WantedFile, document: Document) -> Extracted:
    body = f'<p><a href="{escape(file.url)}">{escape(file.name)}</a></p>'
    if not row.title:
        raise InputError("ingest.no_title", url=file.url)
    content = Content(row.title, body, ItemKind.REPRINT, source.organ, row.url or file.url, row.published_at)
    return Extracted(content, (file,), ("ingest.file_instead_of_page",), _sha256(document))


def _extracted(
    row: Row, document: Document, facts: _Facts, body: Body, wanted: tuple[WantedFile, ...], author: str, summary: str
) -> Extracted:
    if not facts.title:
        raise InputError("ingest.no_title", url=row.url or document.url)
    content = Content(
        title=facts.title,
        body=body.html,
        kind=ItemKind.REPRINT,
        source_name=facts.source_name,
        source_url=row.url or document.url,
        published_at=facts.published_at,
        author=author[:50],
        summary=summary if summary != facts.title else "",
        fields=facts.fields,
    )
    doubts = (*body.warnings, *(() if facts.published_at else ("ingest.no_date",)))
    return Extracted(content, wanted, tuple(dict.fromkeys(doubts)), _sha256(document))


def _sha256(document: Document) -> str:
    return hashlib.sha256(document.body).hexdigest()


def _title(page: Page, chosen: Mapping[str, str], fields: Mapping[str, str], row: Row, shown: str) -> str:
    whole = "" if row.title.endswith(_CUT_OFF) else row.title
    window, heading = page.first_text("title"), page.first_text("h1")
    # A heading that the window's title does not repeat is the site's or the section's.
    heading = heading if not window or heading in window else ""
    candidates = (
        page.meta.get("articletitle", ""),
        chosen["title"],
        fields.get("标题", ""),
        whole,
        heading,
        shown,
        chosen["above"],
    )
    return next((title for title in candidates if title), "") or _without_site(window, page) or row.title


def _without_site(window: str, page: Page) -> str:
    """A window's title without the names of section and site behind it."""
    for mark in ("_", "|"):
        window = window.partition(mark)[0].strip() or window
    head, _, tail = window.rpartition("-")
    if tail.strip() == page.meta.get("sitename") or tail.endswith(_SITE_ENDS):
        window = head.rstrip("- ")
    return window


def _published(
    page: Page, chosen: Mapping[str, str], fields: Mapping[str, str], row: Row, now: datetime
) -> datetime | None:
    texts = [page.meta.get("firstpublishedtime", ""), page.meta.get("pubdate", ""), chosen["published"]]
    texts += [text for name, text in page.meta.items() if _TIME_META.search(name)]
    texts += [fields.get("发布日期", ""), page.labelled_time(), chosen["time_beside"]]
    times = [read_date(text, now) for text in texts if text]
    found = [time for time in (*times, row.published_at, date_in_address(row.url, now)) if time]
    if not found:
        return None
    # Of one day, the time that says the minute is the better one.
    exact = (time for time in found if time.date() == found[0].date() and (time.hour or time.minute or time.second))
    return next(exact, found[0])


def _source_name(page: Page, chosen: Mapping[str, str], source: Source) -> str:
    beside = chosen["source_beside"]
    candidates = (page.meta.get("contentsource", ""), chosen["source_name"], page.labelled_source(), beside)
    name = next((name for name in candidates if name), "")
    name = name.removeprefix("来源").lstrip(":： ")
    if name in _OWN_SITE:
        name = page.meta.get("sitename", "")
    return name[:_LONGEST_NAME] or source.organ


def _wanted(body: str, beside: Iterable[WantedFile]) -> tuple[WantedFile, ...]:
    """The pictures and attachments of a sanitised body and those beside it, each address once."""
    node = fragment(body)
    files = {} if node is None else {file.url: file for file in _files_in(node)}
    for file in beside:
        files.setdefault(file.url, file)
    return tuple(files.values())[:_MOST_FILES]


def _files_in(node: LexborNode) -> Iterable[WantedFile]:
    for image in node.css("img[src]"):
        url = image.attributes.get("src") or ""
        if absolute(url, ""):
            yield WantedFile(url, file_name(image.attributes.get("alt") or "", url), FileRole.IMAGE)
    for link in node.css("a[href]"):
        url = link.attributes.get("href") or ""
        if role_of(url) is FileRole.ATTACHMENT and absolute(url, ""):
            yield WantedFile(url, file_name(text_of(link), url), FileRole.ATTACHMENT)


def _attachments_beside(page: Page) -> Iterable[WantedFile]:
    """Attachments that stand outside the body: in the page's own folder, or in a block that says 附件."""
    folder = page.base.rpartition("/")[0] + "/"
    for link in page.tree.css("a[href]"):
        url = absolute(link.attributes.get("href") or "", page.base)
        if role_of(url) is FileRole.ATTACHMENT and (url.startswith(folder) or _says_attachment(link)):
            yield WantedFile(url, file_name(text_of(link), url), FileRole.ATTACHMENT)


def _says_attachment(link: LexborNode) -> bool:
    block = link.parent
    text = block.text() if block is not None and block.tag != "body" else ""
    return "附件" in link.text() or (len(text) <= _LONGEST_BLOCK and "附件" in text)
