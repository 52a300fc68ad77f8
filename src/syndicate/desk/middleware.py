"""Security headers on every reply, and the open office on every request; errors with a message become pages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.db import InterfaceError, OperationalError, ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from syndicate.desk.request import OPENING, DeskRequest, Opening
from syndicate.desk.sessions import language_of, refusal
from syndicate.desk.views.failures import error_page, page_alone
from syndicate.errors import Message, StorageError, SyndicateError

log = logging.getLogger("syndicate.desk")

Handler = Callable[[HttpRequest], HttpResponseBase]

_AWAY = (OperationalError, InterfaceError, ProgrammingError)
"""The database is away, locked or without its tables; for the last PostgreSQL has a class of its own."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Nothing inline, nothing foreign. `data:` pictures are those of the style sheet."""
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"


def headers(get_response: Handler) -> Handler:
    """Adds the headers that a view has not chosen itself; pages with people's work in them are not kept by browsers."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        if request.path.startswith("/api/"):
            response.headers.setdefault("Content-Disposition", 'attachment; filename="api.json"')
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return handle


class OpenOffice:
    """Hands the open office to the views and shows their errors with what to do next."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: DeskRequest) -> HttpResponseBase:
        """One request in the office's time zone and the person's language."""
        opening: Opening = request.META[OPENING]
        request.workspace = opening()
        request.now = request.workspace.now()
        zone = request.workspace.snapshot.office.timezone
        try:
            language = language_of(request)
            with timezone.override(zone), translation.override(language):
                return refusal(request) or self._get_response(request)
        except (*_AWAY, StorageError) as error:
            # Sessions and people are read before any view, whose own errors never come this far.
            log.error("%s %s", request.method, error)
            return page_alone(Message("desk.database_away"), HTTPStatus.SERVICE_UNAVAILABLE)

    def process_exception(self, request: DeskRequest, error: Exception) -> HttpResponse | None:
        """A page that says what happened and what to do; anything unforeseen stays a server error."""
        if isinstance(error, _AWAY):
            log.error("%s %s", request.method, error)
            return page_alone(Message("desk.database_away"), HTTPStatus.SERVICE_UNAVAILABLE)
        if isinstance(error, StorageError):
            log.error("%s %s", request.method, error.message.key)
        return error_page(request, error) if isinstance(error, SyndicateError) else None
