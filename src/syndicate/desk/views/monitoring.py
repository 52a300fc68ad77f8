"""What machines ask: whether the office can work, and its figures. No session, no person."""

from __future__ import annotations

from dataclasses import asdict
from hmac import compare_digest
from ipaddress import ip_address

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from syndicate.config.secrets import OfficeSecrets
from syndicate.desk.request import DeskRequest, address_of
from syndicate.errors import NotFound
from syndicate.flow import metrics
from syndicate.flow.health import health
from syndicate.records.connection import database_refusals

ADMISSION = "metrics-token"
"""The secret that lets a Prometheus on another machine ask."""


@require_safe
@login_not_required
def healthz(request: DeskRequest) -> HttpResponse:
    """200 when database, worker and disk are well, else 503; which of them is not."""
    found = health(request.workspace.home, request.now)
    return JsonResponse({"well": found.well, **asdict(found)}, status=200 if found.well else 503)


@require_safe
@login_not_required
def figures(request: DeskRequest) -> HttpResponse:
    """Everything for Prometheus, for this machine itself or whoever has the token."""
    if not (_from_here(request) or _has_token(request)):
        return HttpResponse("403 metrics-token\n", status=403, content_type="text/plain; charset=utf-8")
    with database_refusals():
        return HttpResponse(metrics.exposition(request.workspace), content_type=metrics.MEDIA_TYPE)


def _from_here(request: DeskRequest) -> bool:
    """Whether a program of this machine asks by itself: what a proxy hands on has another address or host name."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return _is_loopback(address_of(request)) and (host == "localhost" or _is_loopback(host.strip("[]")))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _has_token(request: DeskRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    try:
        wanted = OfficeSecrets(request.workspace.home).get(ADMISSION)
    except NotFound:
        return False
    return compare_digest(given.encode("utf-8", "replace"), wanted.encode())
