"""Who asks: a personal token in the header `Authorization: Bearer …`, never a cookie; and how often."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from ninja.security import HttpBearer

from syndicate.desk.api.problems import NoToken, TooOften, problem_of_status
from syndicate.desk.request import DeskRequest, address_of
from syndicate.errors import NotAllowed
from syndicate.flow.personal_tokens import limits
from syndicate.model.review import Actor
from syndicate.model.token import Scope, TokenFacts
from syndicate.records import personal_tokens

_MINUTE = timedelta(minutes=1)
_MOST_REMEMBERED = 10_000
View = Callable[..., HttpResponseBase]


class ApiRequest(DeskRequest):
    """A request of the interface after its token was looked at."""

    actor: Actor
    token: TokenFacts


class Limiter:
    """Counts within each minute, per key. May be used from several threads; each process counts for itself."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, ...], tuple[datetime, int]] = {}
        self._guard = threading.Lock()

    def count(self, key: tuple[str, ...], most: int, now: datetime) -> None:
        """Count one more. Raises TooOften when that is more than `most` within a minute."""
        with self._guard:
            began, count = self._counts.get(key, (now, 0))
            if now - began >= _MINUTE:
                began, count = now, 0
            if len(self._counts) >= _MOST_REMEMBERED:
                self._counts = {name: one for name, one in self._counts.items() if now - one[0] < _MINUTE}
            self._counts[key] = (began, count + 1)
        if count >= most:
            raise TooOften(max(1, int((began + _MINUTE - now).total_seconds())))

    def full(self, key: tuple[str, ...], most: int, now: datetime) -> None:
        """Raises TooOften when `most` were counted already; counts nothing."""
        began, count = self._counts.get(key, (now, 0))
        if count >= most and now - began < _MINUTE:
            raise TooOften(max(1, int((began + _MINUTE - now).total_seconds())))


_limiter = Limiter()


class Bearer(HttpBearer):
    """A personal token that has the scope. Wrong tokens of one address must wait after some failures."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self._scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """Who acts. Raises NoToken, TooOften, or NotAllowed where the token lacks the scope."""
        assert isinstance(request, HttpRequest)
        asked: ApiRequest = request  # type: ignore[assignment]  # what the middleware made of it
        home, now = str(asked.workspace.home), asked.now
        failures = (home, "failed", address_of(request))
        _limiter.full(failures, limits()["failures_per_minute"], now)
        try:
            person, facts = personal_tokens.holder(token, now)
        except NotAllowed as error:
            _limiter.count(failures, limits()["failures_per_minute"], now)
            raise NoToken("api.bad_token") from error
        _limiter.count((home, "token", str(facts.id)), limits()["per_minute"], now)
        if self._scope not in facts.scopes:
            raise NotAllowed("token.scope", scope=self._scope.value)
        asked.actor, asked.token = Actor(person.name, person.role, "api"), facts
        return asked.actor


def guarded(view: View) -> View:
    """A view of the interface: no session and no form token, a body of bounded size, refusals as problems."""

    @login_not_required
    @csrf_exempt
    @wraps(view)
    def handle(request: HttpRequest, *arguments: object, **named: object) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > limits()["largest_body"]:
            return problem_of_status(413)
        response = view(request, *arguments, **named)
        if response.status_code == 405:
            told = problem_of_status(405)
            told.headers["Allow"] = response.headers.get("Allow", "")
            return told
        return response

    return handle


@guarded
def no_such_page(_request: HttpRequest, **_rest: str) -> HttpResponseBase:
    """Whatever else is asked for under the interface's address."""
    return problem_of_status(404)
