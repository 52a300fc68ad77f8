"""Pages for what went wrong: what happened and what to do next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from syndicate.desk.wording import status_of, told
from syndicate.errors import Message, StorageError, SyndicateError
from syndicate.records.connection import database_refusals


def error_page(request: HttpRequest, error: SyndicateError) -> HttpResponse:
    """An error of the house as a page."""
    try:
        with database_refusals():
            return render(request, "error.html", {"problem": told(error.message)}, status=status_of(error))
    except StorageError:
        # What stands around every page is read from the database, too.
        return page_alone(Message("desk.database_away"), 503)


def page_alone(message: Message, status: int) -> HttpResponse:
    """A page that needs no database and no session: in both languages, as nobody knows who reads it."""
    return HttpResponse(render_to_string("alone.html", {"message": message}), status=status)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without, or with an outdated, proof that it came from our own page."""
    return render(request, "error.html", {"problem": told(Message("desk.form_outdated"))}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Unreadable requests, foreign host names, forms that are too large."""
    return render(request, "error.html", {"problem": told(Message("desk.bad_request"))}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What nobody may do here."""
    return render(request, "error.html", {"problem": told(Message("desk.forbidden"))}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No page has this address."""
    return render(request, "error.html", {"problem": told(Message("desk.no_page"))}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """A mistake of ours; it is in the log."""
    return page_alone(Message("desk.server_error"), 500)
