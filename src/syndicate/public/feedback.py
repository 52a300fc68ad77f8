"""网站找错、投诉和满意度: `/feedback/report`, `/feedback/state` and `/feedback/rate`, without accounts, cookies or scripts.

There are no cookies, so nobody can be made to act with rights that he has; what comes from another website is refused all
the same. Reports, questions and ratings have a pace of their own each. Addresses are used for the pace and never kept.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from syndicate.errors import InputError, Message, NotAllowed, NotFound, SyndicateError
from syndicate.flow import feedback
from syndicate.flow.workspace import Workspace
from syndicate.model.feedback import FeedbackKind, FeedbackState
from syndicate.public.pace import Pace, Rate, subscriber
from syndicate.public.repeats import Repeats
from syndicate.records.connection import close_connections, database_refusals
from syndicate.records.feedback import FeedbackRecord
from syndicate.site.facts import origin
from syndicate.site.feedback_page import FeedbackPage, ShownFeedback
from syndicate.site.pages import Pages

PREFIX = "/feedback/"
LARGEST = 65_536
LONGEST_ADDRESS = 2_000
FORM_TYPE = "application/x-www-form-urlencoded"
_LOG = logging.getLogger(__name__)
_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("X-Robots-Tag", "noindex"),
    ("Referrer-Policy", "same-origin"),
)

Answer = tuple[HTTPStatus, FeedbackPage, int]
"""Status, page, and the seconds to wait where somebody came too often."""


@dataclass(frozen=True)
class Guards:
    """Who came how often, over all configurations that this process has seen."""

    reports: Pace = field(default_factory=lambda: Pace(Rate(burst=5, per_minute=1)))
    questions: Pace = field(default_factory=lambda: Pace(Rate(burst=10, per_minute=10)))
    ratings: Pace = field(default_factory=lambda: Pace(Rate(burst=20, per_minute=10)))
    repeats: Repeats = field(default_factory=Repeats)


def feedback_pages(workspace: Workspace, pages: Pages, guards: Guards) -> WSGIApplication:
    """The three addresses; where the website does not say that they are reachable there is nothing."""
    desk = _Counter(workspace, pages, guards)

    def handle(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        try:
            with database_refusals():
                status, page, wait = desk.answer(environment)
        except SyndicateError as error:
            _LOG.error("%s", error.message.key)
            status, page, wait = HTTPStatus.SERVICE_UNAVAILABLE, _told(Message("public.unavailable")), 60
        finally:
            close_connections()
        body = pages.feedback(page)
        further = [("Retry-After", str(wait))] if wait else []
        further += [("Allow", "GET, HEAD, POST")] if status is HTTPStatus.METHOD_NOT_ALLOWED else []
        start(f"{status.value} {status.phrase}", [*_HEADERS, *further, ("Content-Length", str(len(body)))])
        return [] if environment["REQUEST_METHOD"] == "HEAD" else [body]

    return handle


class _Counter:
    """窗口: what is answered at each address."""

    def __init__(self, workspace: Workspace, pages: Pages, guards: Guards) -> None:
        self._workspace = workspace
        self._guards = guards
        self._switches = pages.facts.switches
        self._asked: Mapping[str, Callable[[Mapping[str, str]], FeedbackPage]] = {
            "report": self._form,
            "state": lambda _: FeedbackPage("ask"),
            "rate": lambda _: _told(Message("feedback.no_choice")),
        }
        self._sent: Mapping[str, Callable[[Mapping[str, str], str], Answer]] = {
            "report": self._report,
            "state": self._state,
            "rate": self._rate,
        }

    def answer(self, environment: WSGIEnvironment) -> Answer:
        """What one request is answered."""
        name = environment.get("PATH_INFO", "").removeprefix(PREFIX)
        if not self._switches.feedback_url or name not in self._sent:
            return HTTPStatus.NOT_FOUND, _told(Message("public.absent")), 0
        if environment["REQUEST_METHOD"] == "POST":
            return self._posted(name, environment)
        if environment["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return HTTPStatus.METHOD_NOT_ALLOWED, _told(Message("public.absent")), 0
        query = environment.get("QUERY_STRING", "")
        if len(query) > LONGEST_ADDRESS:
            return HTTPStatus.REQUEST_URI_TOO_LONG, _told(Message("public.absent")), 0
        return HTTPStatus.OK, self._asked[name](_fields(query)), 0

    def _posted(self, name: str, environment: WSGIEnvironment) -> Answer:
        length = environment.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()) or int(length) > LARGEST:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _told(Message("public.too_large")), 0
        if environment.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != FORM_TYPE:
            return HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _told(Message("public.absent")), 0
        if not self._is_ours(environment):
            return HTTPStatus.FORBIDDEN, _told(Message("feedback.elsewhere")), 0
        typed = _fields(environment["wsgi.input"].read(int(length)).decode("ascii", "replace"))
        return self._sent[name](typed, environment.get("REMOTE_ADDR", ""))

    def _is_ours(self, environment: WSGIEnvironment) -> bool:
        """Whether a form was sent from a page of this website, as far as the browser says where from."""
        if environment.get("HTTP_SEC_FETCH_SITE", "") == "cross-site":
            return False
        came_from = environment.get("HTTP_ORIGIN", "")
        ours = {origin(self._switches.feedback_url), origin(self._workspace.snapshot.office.site_url)}
        return not came_from or came_from in ours or urlsplit(came_from).netloc == environment.get("HTTP_HOST")

    def _form(self, asked: Mapping[str, str]) -> FeedbackPage:
        """An empty form, about the page that the reader came from."""
        try:
            about = feedback.own_page(self._workspace, asked.get("page", ""))
        except InputError:
            about = ""
        return self._filled(FeedbackPage("report", about=f"/{about}" if about else ""))

    def _filled(self, page: FeedbackPage) -> FeedbackPage:
        rules = self._workspace.snapshot.feedback
        return replace(
            page,
            form=page.form or feedback.new_form(self._workspace),
            kinds=tuple((kind.value, Message(f"feedback.kind_{kind}").zh) for kind in FeedbackKind),
            longest=feedback.LONGEST,
            longest_contact=feedback.LONGEST_CONTACT,
            days=rules.answer_within,
            kept_days=rules.contact_kept // timedelta(days=1),
        )

    def _report(self, typed: Mapping[str, str], address: str) -> Answer:
        sent = feedback.Sent(*(typed.get(name, "") for name in ("kind", "page", "text", "contact", "form")))
        if wait := self._guards.reports.wait(address, time.monotonic()):
            return self._again(sent, Message("public.busy"), HTTPStatus.TOO_MANY_REQUESTS, wait)
        if typed.get("remark"):
            return self._again(sent, Message("feedback.trap"), HTTPStatus.BAD_REQUEST)
        most = self._workspace.snapshot.feedback.daily_reports_each
        full = NotAllowed("feedback.full_from_here", most=most, telephone=self._workspace.snapshot.office.telephone)
        try:
            with self._counted(address, "reports", most, full):
                receipt = feedback.receive(self._workspace, sent)
        except InputError as error:
            return self._again(sent, error.message, HTTPStatus.BAD_REQUEST)
        except NotAllowed as error:
            return self._again(sent, error.message, HTTPStatus.TOO_MANY_REQUESTS)
        return HTTPStatus.OK, self._filled(FeedbackPage("received", receipt=receipt)), 0

    def _again(self, sent: feedback.Sent, why: Message, status: HTTPStatus, wait: int = 0) -> Answer:
        """The form with what was typed, and why it was not taken."""
        form = "" if why.key == "feedback.form_outdated" else feedback.plain(sent.form)
        page = FeedbackPage(
            "report",
            why.zh,
            why.action_zh,
            form=form,
            kind=sent.kind,
            about=feedback.plain(sent.page),
            text=feedback.plain(sent.text),
            contact=feedback.plain(sent.contact),
        )
        return status, self._filled(page), wait

    def _state(self, typed: Mapping[str, str], address: str) -> Answer:
        if wait := self._guards.questions.wait(address, time.monotonic()):
            return HTTPStatus.TOO_MANY_REQUESTS, _told(Message("public.busy"), "ask"), wait
        try:
            found = feedback.look_up(typed.get("receipt", ""))
        except NotFound as error:
            return HTTPStatus.NOT_FOUND, _told(error.message, "ask"), 0
        return HTTPStatus.OK, FeedbackPage("found", found=_shown(found, self._workspace)), 0

    def _rate(self, typed: Mapping[str, str], address: str) -> Answer:
        if wait := self._guards.ratings.wait(address, time.monotonic()):
            return HTTPStatus.TOO_MANY_REQUESTS, _told(Message("public.busy")), wait
        most = self._workspace.snapshot.feedback.daily_ratings_each
        enough, already = NotAllowed("feedback.rated_enough", most=most), NotAllowed("public.rated_already")
        try:
            page = feedback.rated_page(self._workspace, typed.get("page", ""))
            with self._counted(address, "ratings", most, enough), self._counted(address, f"page {page}", 1, already):
                feedback.rate(self._workspace, page, typed.get("choice", ""))
        except InputError as error:
            return HTTPStatus.BAD_REQUEST, _told(error.message), 0
        except NotAllowed as error:
            status = HTTPStatus.OK if error is already else HTTPStatus.TOO_MANY_REQUESTS
            return status, replace(_told(error.message, "rated"), about=page), 0
        return HTTPStatus.OK, FeedbackPage("rated", about=page), 0

    @contextmanager
    def _counted(self, address: str, what: str, most: int, refusal: NotAllowed) -> Iterator[None]:
        """Count what is done within for this address and day, unless it fails. Raises the refusal after `most` times."""
        mark = self._guards.repeats.take(subscriber(address), what, self._workspace.now().date(), most)
        if mark is None:
            raise refusal
        try:
            yield
        except Exception:
            self._guards.repeats.give_back(mark)
            raise


def _told(message: Message, state: str = "told") -> FeedbackPage:
    return FeedbackPage(state, message.zh, message.action_zh)


def _fields(query: str) -> Mapping[str, str]:
    """The first value of every field; a query that is none has none."""
    try:
        values = parse_qs(query, keep_blank_values=True, encoding="utf-8", errors="replace", max_num_fields=20)
    except ValueError:
        return {}
    return {name: found[0] for name, found in values.items()}


def _shown(record: FeedbackRecord, workspace: Workspace) -> ShownFeedback:
    """How a report stands, in Chinese as the website is."""
    answered = record.answered_at is not None
    last_moment = (record.answer_due_at - timedelta(seconds=1)).astimezone(workspace.snapshot.office.timezone)
    # Whoever was wrongly taken for a spammer is not called one.
    spam = record.state is FeedbackState.SPAM
    return ShownFeedback(
        kind=Message(f"feedback.kind_{record.kind}").zh,
        page=record.page,
        state=Message("feedback.not_taken" if spam else f"feedback.state_{record.state}").zh,
        received_at=record.received_at,
        answer_by=last_moment.date() if record.open else None,
        verdict=Message(f"feedback.verdict_{record.verdict}").zh if answered and record.verdict else "",
        answer=record.answer if answered else "",
        answered_at=record.answered_at,
    )
