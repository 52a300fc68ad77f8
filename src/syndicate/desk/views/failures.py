"""Pages for what went wrong: what happened and what to do next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from syndicate.desk.wording import status_of, told
from syndicate.errors import Message, SyndicateError


def error_page(request: HttpRequest, error: SyndicateError) -> HttpResponse:
    """An error of the house as a page."""
    return render(request, "error.html", {"problem": told(error.message)}, status=status_of(error))


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
    return render(request, "error.html", {"problem": told(Message("desk.server_error"))}, status=500)
