"""The public application of an office, and its server."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import waitress

from syndicate.errors import NotFound, UsageError
from syndicate.flow.finding_words import index_missing
from syndicate.flow.workspace import Workspace
from syndicate.public import screens, wechat
from syndicate.public.application import application
from syndicate.site.facts import site_facts
from syndicate.site.pages import Pages

THREADS = 4
LARGEST_BODY = wechat.LARGEST
_EVERY = 1_000


def public_application(workspace: Workspace, progress: Callable[[int, int], None]) -> WSGIApplication:
    """The search over the office's website, with everything in its index, its screens, and WeChat's callbacks.

    Raises NotFound for an office without a website. `progress` hears of every thousandth article that had to be taken into the index.
    """
    website = workspace.website()
    if website is None:
        raise NotFound("ledger.no_channel", channel="website")
    index_missing(workspace, lambda done, of: progress(done, of) if done % _EVERY == 0 or done == of else None)
    search = application(Pages(site_facts(workspace.snapshot, website)), website.id)
    others = {screens.PREFIX: screens.screens(workspace), wechat.PREFIX: wechat.callbacks(workspace)}

    def handle(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environment.get("PATH_INFO", "")
        wanted = next((one for prefix, one in others.items() if path.startswith(prefix)), search)
        return wanted(environment, start)

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
        wsgi,
        sockets=[listening],
        threads=THREADS,
        ident="",
        max_request_body_size=largest_body,
        trusted_proxy="127.0.0.1",
        trusted_proxy_headers={"x-forwarded-for"},
        clear_untrusted_proxy_headers=True,
    )
