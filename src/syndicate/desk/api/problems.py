"""Errors of the interface as problem JSON (RFC 9457), in Chinese and English, with what to do next."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as InvalidRequest
from pydantic import Field

from syndicate.desk.wording import status_of
from syndicate.errors import InputError, Message, SyndicateError, UsageError

log = logging.getLogger("syndicate.desk")
_CONFLICTS = ("review.state", "review.level", "review.delivery_state", "review.already_sent")
"""Refusals that come from where the item stands and not from who asks."""
_BY_STATUS = {400: "api.not_json", 404: "api.no_page", 405: "api.method", 413: "api.too_large", 500: "api.failed"}


class Mistake(Schema):
    """One thing that is wrong with what was sent."""

    place: str = Field(examples=["body.title"])
    message: str = Field(examples=["String should have at least 1 character"])


class Problem(Schema):
    """What went wrong and what to do next. `type` names the kind of problem and never changes."""

    type: str = Field(examples=["urn:syndicate:problem:review.role"])
    status: int = Field(examples=[403])
    title: str = Field(examples=["角色“编辑”不能执行“终审”。"])
    title_en: str
    action: str
    action_en: str
    errors: list[Mistake] = Field(default_factory=list)


class NoToken(SyndicateError):
    """Nobody is known to be asking: no token, or one that opens nothing."""


class TooOften(SyndicateError):
    """A token, or an address without one, asks too often; `wait` says how many seconds to wait."""

    def __init__(self, wait: int) -> None:
        super().__init__("api.too_often", wait=wait)
        self.wait = wait


def problem(message: Message, status: int, mistakes: Sequence[Mistake] = ()) -> HttpResponse:
    """One problem as a reply."""
    told = Problem(
        type=f"urn:syndicate:problem:{message.key}",
        status=status,
        title=message.zh,
        title_en=message.en,
        action=message.action_zh,
        action_en=message.action_en,
        errors=list(mistakes),
    )
    body = json.dumps(told.model_dump(), ensure_ascii=False)
    response = HttpResponse(body, status=status, content_type="application/problem+json")
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def problem_of_status(status: int) -> HttpResponse:
    """The problem that a bare status stands for."""
    return problem(Message(_BY_STATUS.get(status, "api.failed")), status)


def tell_problems(api: NinjaAPI) -> None:
    """Make every error of the interface a problem."""
    api.add_exception_handler(SyndicateError, _refused)
    api.add_exception_handler(InvalidRequest, _invalid)
    api.add_exception_handler(AuthenticationError, lambda _request, _error: problem(Message("api.no_token"), 401))
    api.add_exception_handler(HttpError, _of_http)
    api.add_exception_handler(Http404, lambda _request, _error: problem_of_status(404))
    api.add_exception_handler(Exception, _failed)


def _refused(_request: HttpRequest, error: SyndicateError | type[SyndicateError]) -> HttpResponse:
    assert isinstance(error, SyndicateError)
    response = problem(error.message, _status(error))
    if isinstance(error, TooOften):
        response.headers["Retry-After"] = str(error.wait)
    return response


def _of_http(_request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    assert isinstance(error, HttpError)
    return problem_of_status(error.status_code)


def _status(error: SyndicateError) -> int:
    if isinstance(error, NoToken):
        return 401
    if isinstance(error, TooOften):
        return 429
    if error.message.key in _CONFLICTS:
        return 409
    return 422 if isinstance(error, InputError | UsageError) else status_of(error)


def _invalid(_request: HttpRequest, error: InvalidRequest | type[InvalidRequest]) -> HttpResponse:
    assert isinstance(error, InvalidRequest)
    found = [
        Mistake(place=".".join(map(str, one["loc"]))[:200], message=str(one["msg"])[:200]) for one in error.errors[:50]
    ]
    return problem(Message("api.invalid", {"count": len(error.errors)}), 422, found)


def _failed(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    log.error("%s %s", request.method, request.path, exc_info=error if isinstance(error, Exception) else None)
    return problem_of_status(500)
