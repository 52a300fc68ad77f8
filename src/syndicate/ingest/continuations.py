"""Articles that a site spreads over several pages: where the next page stands, and the pages as one text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from posixpath import splitext
from urllib.parse import urlsplit

from syndicate.ingest.addresses import absolute
from syndicate.ingest.documents import one_line
from syndicate.ingest.pages import Page, open_page
from syndicate.model.item import Extracted
from syndicate.model.source import Document

MOST_PAGES = 30
"""Pages of one article that are read; the longest reports of government sites have about 20."""
_NEXT = re.compile(r"[\[【<（(]?\s*(?:下一页|下页|后一页|next)\s*[\]】>）)»›]*", re.I)
_NUMBER = re.compile(r"[\[【（(]?\s*\d{1,2}\s*[\]】）)]?", re.A)
_SCRIPT = re.compile(
    r"createPageHTML\s*\(\s*['\"]?(\d{1,3})['\"]?\s*,\s*['\"]?(\d{1,3})['\"]?\s*,\s*['\"]([\w.-]{1,100})['\"]\s*,\s*['\"](\w{1,8})['\"]"
)
"""(pages, current, name, extension): pages after the first are `name_1.ext` … (domain reference §8.3)."""


def next_page(document: Document, first: str, encoding: str = "") -> str:
    """The address of the page after `document`, empty where the article ends. `first` is the address of its first page.

    Only addresses that grow out of the first page's own (`t1.html` → `t1_2.html`, `?page=2`) are pages of the same
    article; a link to the next article or to the next page of a list is none.
    """
    page = open_page(document, encoding)
    script = _SCRIPT.search(page.text)
    if script and int(script[2]) + 1 < int(script[1]):
        url = absolute(f"{script[3]}_{int(script[2]) + 1}.{script[4]}", page.base)
        return url if _grows_out_of(url, first) else ""
    for link in page.tree.css("a[href]"):
        if _NEXT.fullmatch(one_line(link.text(), 20)):
            url = absolute(link.attributes.get("href") or "", page.base)
            if url and _grows_out_of(url, first) and url not in (first, document.url):
                return url
    return _next_number(page, first, document.url)


def _next_number(page: Page, first: str, here: str) -> str:
    """The page behind this one in a bar that says 【1】【2】【3】 and nothing else; empty where there is no such bar."""
    links = (link for link in page.tree.css("a[href]") if _NUMBER.fullmatch(one_line(link.text(), 20)))
    urls = (absolute(link.attributes.get("href") or "", page.base) for link in links)
    pages = [first, *dict.fromkeys(url for url in urls if url != first and url and _grows_out_of(url, first))]
    at = pages.index(here) if here in pages else 0
    return pages[at + 1] if at + 1 < len(pages) else ""


def next_of_list(document: Document, encoding: str = "") -> str:
    """The address that a list's own link to its next page leads to, on the same site; empty where it has none."""
    page = open_page(document, encoding)
    for link in page.tree.css("link[rel='next'][href], a[rel='next'][href], a[href]"):
        url = absolute(link.attributes.get("href") or "", page.base)
        is_next = link.attributes.get("rel") == "next" or _NEXT.fullmatch(one_line(link.text(), 20))
        if url and is_next and urlsplit(url).netloc == urlsplit(document.url).netloc and url != document.url:
            return url
    return ""


def joined(parts: Sequence[Extracted]) -> Extracted:
    """The pages of one article as one; title, time and fields are the first page's. A page that repeats ends it."""
    first = parts[0]
    bodies = list(dict.fromkeys(part.content.body for part in parts))
    wanted = {file.url: file for part in parts for file in part.wanted}
    warnings = dict.fromkeys(rule for part in parts for rule in part.warnings)
    content = replace(first.content, body="\n".join(bodies))
    return Extracted(content, tuple(wanted.values()), tuple(warnings), first.sha256)


def _grows_out_of(url: str, first: str) -> bool:
    mine, theirs = urlsplit(url), urlsplit(first)
    if mine.netloc != theirs.netloc:
        return False
    stem, ending = splitext(theirs.path)
    if mine.path == theirs.path:
        return mine.query != theirs.query
    return bool(stem) and re.fullmatch(re.escape(stem) + r"[_-]\d{1,3}" + re.escape(ending), mine.path) is not None
