"""The further pages of a list: how many there are, and where page n stands in the families of publishing systems."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from posixpath import splitext
from urllib.parse import parse_qsl, urlsplit

from syndicate.ingest.addresses import absolute
from syndicate.ingest.documents import decoded
from syndicate.model.source import Document, PageNumbers, Paging, Source

_COUNTS = re.compile(
    r"createPageHTML\s*\(\s*['\"]?(\d{1,5})|(?:totalPages?|pageCount|countPage|contenpage)['\"]?\s*[:=]\s*['\"]?(\d{1,5})"
)
"""Counts that scripts of the pages hold (domain reference §8.3)."""
_NEXT_GROUP = re.compile(r"""<nextgroup>.{0,200}?href\s*=\s*["']([^"'<>]{1,2000})""", re.S | re.I)
"""The address of the next rows in a jcms list: `<nextgroup><![CDATA[<a href="…dataproxy.jsp?page=2&…"></a>]]></nextgroup>`."""
_PAGE_PARAMETERS = frozenset(
    {"page", "pageindex", "pageno", "pagenum", "currpage", "cur_page", "currentpage", "pn", "p"}
)
"""Parameters that number pages (domain reference §8.3)."""
_PAGE = "{page}"
_STAND_IN = 98_765_432_101
"""A number that no address holds by itself."""


def page_count(document: Document, encoding: str = "") -> int | None:
    """How many pages a list says that it has; None where it does not say."""
    found = _COUNTS.search(decoded(document, encoding).text)
    return int(found[1] or found[2]) if found else None


def page_address(url: str, paging: Paging, number: int) -> str:
    """The address with a page's own number in it, relative to page 1 at `url`; empty where it is no web address."""
    name = urlsplit(url).path.rpartition("/")[2]
    stem, suffix = splitext(name) if name else ("index", ".html")
    written = paging.address.replace("{stem}", stem).replace("{suffix}", suffix).replace(_PAGE, str(number))
    if written.startswith("&"):
        written = f"?{_with_parameters(urlsplit(url).query, written[1:])}"
    return absolute(written, url) if paging.address else url


def next_address(document: Document, encoding: str = "") -> str:
    """The address of the page after `document` in a linked list; empty where it names none."""
    found = _NEXT_GROUP.search(decoded(document, encoding).text)
    return absolute(unescape(found[1]), document.url) if found else ""


def proposed_paging(links: Iterable[str], url: str) -> Paging | None:
    """How a list at `url` seems to be paged, by the addresses that it links to; None where they do not say."""
    folder, _, name = urlsplit(url).path.rpartition("/")
    stem, suffix = splitext(name) if name else ("index", "")
    numbered = re.compile(re.escape(f"{folder}/{stem}") + r"([_/-])(\d{1,4})(\.s?html?)")
    for link in links:
        parts = urlsplit(link)
        if parts.netloc != urlsplit(url).netloc:
            continue
        found = numbered.fullmatch(parts.path)
        if found and (not suffix or found[3] == suffix) and found[1] == "/":
            return Paging("{stem}/{page}{suffix}", PageNumbers.DESCENDING)
        if found and (not suffix or found[3] == suffix) and found[2] in ("1", "2"):
            written = f"{{stem}}{found[1]}{_PAGE}{{suffix}}" if name else f"index{found[1]}{_PAGE}{found[3]}"
            return Paging(written, PageNumbers.PROBE)
        for key, value in parse_qsl(parts.query):
            if parts.path == urlsplit(url).path and value == "2" and key.lower() in _PAGE_PARAMETERS:
                return Paging(f"&{key}={_PAGE}")
    return None


def number_of(page: int, numbers: PageNumbers, second: int | None) -> int:
    """The number that a site gives its page `page` (1 is the newest); `second` is the number of page 2 if descending."""
    if numbers is PageNumbers.FROM_ONE:
        return page - 1
    if numbers is PageNumbers.DESCENDING and second is not None:
        return second - (page - 2)
    return page


def second_number(source: Source, document: Document) -> int | None:
    """Of a list whose numbers go down: the number of page 2, from the page's links, else from the count of pages."""
    if source.paging is None or source.paging.numbers is not PageNumbers.DESCENDING:
        return None
    pattern = re.escape(page_address(document.url, source.paging, _STAND_IN)).replace(str(_STAND_IN), r"(\d{1,5})")
    count = page_count(document, source.encoding)
    linked = _linked(decoded(document, source.encoding).text, pattern, document.url)
    return linked or (count - 1 if count and count > 1 else None)


def question(source: Source, number: int) -> tuple[bytes, str] | None:
    """The body and type of a question for page `number`; None for a source that is read by GET."""
    if source.asking is None:
        return None
    return source.asking.body.replace(_PAGE, str(number)).encode(), source.asking.content_type


def _with_parameters(query: str, added: str) -> str:
    """A query with parameters set, in the place of those of the same name."""
    names = {pair.partition("=")[0] for pair in added.split("&")}
    kept = [pair for pair in query.split("&") if pair and pair.partition("=")[0] not in names]
    return "&".join((*kept, added))


def _linked(text: str, pattern: str, url: str) -> int | None:
    """The largest number that the page's links carry at the pattern's place."""
    links = (absolute(link, url) for link in re.findall(r"""href\s*=\s*["']?([^"'\s>]{1,300})""", text))
    numbers = [int(match[1]) for link in links if (match := re.fullmatch(pattern, link))]
    return max(numbers, default=None)
