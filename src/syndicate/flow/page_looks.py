"""看页: fetch one page or file of the public site and take it apart. No database, so that threads may do it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from syndicate.errors import FetchError, FetchLater, InputError, Message, StorageError
from syndicate.flow.public_site import PublicSite
from syndicate.ingest.walls import wall
from syndicate.inspection.page_checks import PageKind
from syndicate.inspection.page_reading import PageContent, read_page
from syndicate.model.source import Document
from syndicate.net.fetcher import Fetcher
from syndicate.records.crawling import PageRecord
from syndicate.text.decode import decode
from syndicate.text.sanitise import refuse_hostile

_PIECE = 1_000_000
_READABLE_FILE = 20_000_000
"""Bytes of an attachment whose text is read; larger ones are only compared."""


@dataclass(frozen=True)
class Look:
    """What one look at a page brought: the page, or why there was none."""

    page: PageRecord
    status: int = 0
    sha256: str = ""
    size: int = 0
    milliseconds: int = 0
    final_path: str | None = ""
    """Where redirects led, below the site; None: to another site."""
    content: PageContent | None = None
    """What an HTML page holds."""
    body: bytes = b""
    """The bytes of an HTML page or of a file that is small enough to be read."""
    failure: Message | None = None
    nobody_home: bool = False
    """True where the server did not answer at all: that says nothing about the page."""


def look_at_all(fetcher: Fetcher, site: PublicSite, pages: Iterable[PageRecord], at_once: int) -> Iterator[Look]:
    """Look at pages side by side, in their order; not more than a few looks wait to be taken."""
    waiting = iter(pages)
    with ThreadPoolExecutor(at_once) as threads:
        running: list[Future[Look]] = []

        def begin(count: int) -> None:
            running.extend(threads.submit(look_at, fetcher, site, page) for page in islice(waiting, count))

        begin(2 * at_once)
        while running:
            yield running.pop(0).result()
            begin(1)


def look_at(fetcher: Fetcher, site: PublicSite, page: PageRecord) -> Look:
    """One look. Raises nothing that the network or the page is to blame for."""
    started = time.monotonic()
    try:
        look = _file(fetcher, site, page) if page.kind == PageKind.FILE else _html(fetcher, site, page, started)
    except FetchError as error:
        status = error.message.values.get("status")
        code = status if isinstance(status, int) else 0
        away = isinstance(error, FetchLater) and not code
        return Look(page, code, milliseconds=_since(started), failure=error.message, nobody_home=away)
    except StorageError as error:  # our own disk is full: no fault of the page
        return Look(page, failure=error.message, nobody_home=True)
    return look


def _html(fetcher: Fetcher, site: PublicSite, page: PageRecord, started: float) -> Look:
    document = fetcher.get(site.fetched_from(page.address), allow=site.allow)
    taken = _since(started)
    kind = document.headers.get("content-type", "")
    if guard := wall(document.status, document.body, kind):
        return Look(page, document.status, failure=Message("sync.wall", {"url": document.url, "guard": guard}))
    sha256 = hashlib.sha256(document.body).hexdigest()
    written = site.written.get(page.address)
    content = _read(document, site.url(page.address), site, ours=written is not None and written.sha256 == sha256)
    return Look(
        page,
        document.status,
        sha256,
        len(document.body),
        taken,
        site.path_of(document.url),
        content,
        document.body,
    )


def _read(document: Document, url: str, site: PublicSite, *, ours: bool) -> PageContent | None:
    """An HTML page taken apart; nothing of what is none, or is made to keep a parser busy. What we wrote is trusted."""
    kind = document.headers.get("content-type", "")
    if kind and "html" not in kind.lower():
        return None
    markup = decode(document.body, kind).text
    try:
        if not ours:
            refuse_hostile(markup)
    except InputError:
        return None
    return read_page(markup, url, site.root)


def _file(fetcher: Fetcher, site: PublicSite, page: PageRecord) -> Look:
    with fetcher.download(site.fetched_from(page.address), allow=site.allow) as download:
        digest = hashlib.sha256()
        while piece := download.file.read(_PIECE):
            digest.update(piece)
        download.file.seek(0)
        sha256 = digest.hexdigest()
        differs = site.written.get(page.address) is None or site.written[page.address].sha256 != sha256
        body = download.file.read() if differs and download.size <= _READABLE_FILE else b""
        path = site.path_of(download.url)
        return Look(page, download.status, sha256, download.size, final_path=path, body=body)


def _since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)
