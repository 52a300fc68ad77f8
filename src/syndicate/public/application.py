"""The public search as a WSGI application: `GET /search?q=…&column=…&year=…&page=…`."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from syndicate.errors import SyndicateError
from syndicate.public.pace import Pace, Rate
from syndicate.records import search
from syndicate.records.connection import close_connections, database_refusals
from syndicate.site.pages import Pages
from syndicate.site.search_page import SearchPage, Shown
from syndicate.text.bigrams import LONGEST_QUERY, query_runs, snippet

PER_PAGE = 10
LAST_PAGE = 50
"""Nobody reads further; a page far down costs as much as all before it."""
LONGEST_ADDRESS = 2_000
RATE = Rate(burst=10, per_minute=30)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Question:
    """What was asked, cleaned."""

    query: str
    column: str
    year: int
    page: int


Answer = tuple[str, list[tuple[str, str]], bytes]


def application(pages: Pages, channel: str, pace: Pace) -> WSGIApplication:
    """The search over one website; `pages` makes its pages in the site's own frame, `pace` says who asks too often."""

    def handle(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        try:
            status, headers, body = _answer(environment, pages, channel, pace)
        except SyndicateError as error:
            _LOG.error("%s", error)
            status, headers, body = _page(pages, "503 Service Unavailable", "unavailable", [("Retry-After", "60")])
        finally:
            close_connections()
        start(status, [*headers, ("Content-Length", str(len(body)))])
        return [] if environment["REQUEST_METHOD"] == "HEAD" else [body]

    return handle


def _answer(environment: WSGIEnvironment, pages: Pages, channel: str, pace: Pace) -> Answer:
    if environment["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return _page(pages, "405 Method Not Allowed", "absent", [("Allow", "GET, HEAD")])
    if environment.get("PATH_INFO", "").rstrip("/") != "/search":
        return _page(pages, "404 Not Found", "absent")
    if len(environment.get("QUERY_STRING", "")) > LONGEST_ADDRESS:
        return _page(pages, "414 URI Too Long", "absent")
    question = question_of(environment.get("QUERY_STRING", ""), pages)
    if question.query and (wait := pace.wait(environment.get("REMOTE_ADDR", ""), time.monotonic())):
        return _page(pages, "429 Too Many Requests", "busy", [("Retry-After", str(wait))])
    with database_refusals():
        return _page(pages, "200 OK", "results", question=question, channel=channel)


def question_of(query_string: str, pages: Pages) -> Question:
    """The question in an address; whatever it does not say or says wrongly is left open."""
    try:
        values = parse_qs(query_string, encoding="utf-8", errors="replace", max_num_fields=20)
    except ValueError:
        values = {}

    def one(name: str) -> str:
        return "".join(character for character in values.get(name, [""])[0] if character.isprintable()).strip()

    column = one("column")
    return Question(
        query=one("q")[:LONGEST_QUERY],
        column=column if column in pages.facts.columns else "",
        year=_number(one("year"), 0, 9999),
        page=max(1, _number(one("page"), 1, LAST_PAGE)),
    )


def _number(text: str, otherwise: int, most: int) -> int:
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) <= 6 else otherwise


def _page(
    pages: Pages,
    status: str,
    state: str,
    headers: Iterable[tuple[str, str]] = (),
    *,
    question: Question = Question("", "", 0, 1),
    channel: str = "",
) -> Answer:
    found, years = search.Found(0, ()), range(0)
    if state == "results":
        start = (question.page - 1) * PER_PAGE
        years = search.years(channel)
        found = search.find(
            channel, question.query, column=question.column, year=question.year, start=start, count=PER_PAGE
        )
    wanted = query_runs(question.query)
    body = pages.search(
        SearchPage(
            state=state,
            query=question.query,
            column=question.column,
            year=question.year,
            years=tuple(reversed(years)),
            total=f"超过 {search.MOST_COUNTED:,}" if found.uncounted else f"{found.total:,}",
            hits=tuple(_shown(hit, wanted) for hit in found.hits),
            earlier=_address(question, -1) if question.page > 1 else "",
            later=_address(question, 1) if question.page < min(LAST_PAGE, -(-found.total // PER_PAGE)) else "",
        )
    )
    return status, [*_HEADERS, *headers], body


_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("X-Robots-Tag", "noindex"),
    ("Referrer-Policy", "same-origin"),
)


def _shown(hit: search.Hit, wanted: list[str]) -> Shown:
    return Shown(
        hit.address,
        hit.column,
        tuple(snippet(hit.title, wanted, max(len(hit.title), 1) * 2)),
        tuple(snippet(" ".join(hit.text.split()), wanted)),
        hit.published_at,
    )


def _address(question: Question, step: int) -> str:
    """The same question, one page on."""
    named = {"q": question.query, "column": question.column, "year": question.year, "page": question.page + step}
    return "?" + urlencode({name: value for name, value in named.items() if value})
