"""The public application of an office, and its server."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import waitress

from syndicate.errors import NotFound, UsageError
from syndicate.flow.calls import where
from syndicate.flow.finding_words import index_missing
from syndicate.flow.workspace import Workspace
from syndicate.public import feedback, health, screens, wechat
from syndicate.public.application import RATE, application
from syndicate.public.pace import Pace, Rate
from syndicate.site.facts import site_facts
from syndicate.site.pages import Pages

log = logging.getLogger("syndicate.public")

THREADS = 4
LARGEST_BODY = wechat.LARGEST
_EVERY = 1_000
_FRAMES = "frame-ancestors 'none'"


class PublicApplication:
    """The website's search and feedback, the office's screens, and WeChat's callbacks, each as the office is configured now.

    `office` gives the workspace of the newest good configuration. Raises NotFound for an office without a website.
    """

    def __init__(self, office: Callable[[], Workspace], rate: Rate = RATE) -> None:
        self._office = office
        self._pace = Pace(rate)
        self._guards = feedback.Guards()
        self._guard = threading.Lock()
        self._workspace = office()
        self._parts = self._made(self._workspace)

    def __call__(self, environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path = environment.get("PATH_INFO", "")
        parts = self._present()
        try:
            return next(one for prefix, one in parts.items() if path.startswith(prefix))(environment, start)
        except Exception as error:  # noqa: BLE001 readers are told what to do, whatever it was
            log.error("a public page failed\n%s", where(error))
            return health.mistake(environment, start)

    def _present(self) -> Mapping[str, WSGIApplication]:
        """What answers now. A configuration that took the website away changes nothing: it is told and left."""
        workspace = self._office()
        with self._guard:
            if workspace is not self._workspace:
                self._workspace = workspace
                try:
                    self._parts = self._made(workspace)
                except NotFound as error:
                    log.error("%s", error)
            return self._parts

    def _made(self, workspace: Workspace) -> Mapping[str, WSGIApplication]:
        website = workspace.website()
        if website is None:
            raise NotFound("ledger.no_channel", channel="website")
        pages = Pages(site_facts(workspace.snapshot, website))
        return {
            health.PREFIX: health.healthz(workspace),
            screens.PREFIX: screens.screens(workspace),
            wechat.PREFIX: wechat.callbacks(workspace),
            feedback.PREFIX: feedback.feedback_pages(workspace, pages, self._guards),
            "": application(pages, website.id, self._pace),
        }


def take_into_index(workspace: Workspace, progress: Callable[[int, int], None]) -> None:
    """Make everything findable that was published before; `progress` hears of every thousandth article."""
    index_missing(workspace, lambda done, of: progress(done, of) if done % _EVERY == 0 or done == of else None)


def guarded(wsgi: WSGIApplication) -> WSGIApplication:
    """The application with what every reply forbids: being framed, and for all but pages to be more than data.

    A page's own policy stands in the page, because it names the hosts of the platforms' scripts.
    """

    def handle(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            page = dict(headers).get("Content-Type", "").startswith("text/html")
            policy = _FRAMES if page else f"default-src 'none'; {_FRAMES}"
            return start(status, [*headers, ("Content-Security-Policy", policy)], *error)

        return wsgi(environment, begin)

    return handle


def make_server(wsgi: WSGIApplication, host: str, port: int, largest_body: int = LARGEST_BODY) -> Any:
    """A waitress server that is bound; `run()` serves until it is closed. Raises UsageError when the port is taken.

    nginx on this machine may say whom it speaks for; headers of anybody else are thrown away.
    """
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise UsageError("public.port_taken", host=host, port=port, why=error.strerror or "") from error
    return waitress.create_server(
        guarded(wsgi),
        sockets=[listening],
        threads=THREADS,
        ident="",
        max_request_body_size=largest_body,
        trusted_proxy="127.0.0.1",
        trusted_proxy_headers={"x-forwarded-for"},
        clear_untrusted_proxy_headers=True,
    )
