"""WeChat access tokens: the plain one and the stable one, isolated from each other."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from syndicate.sandbox.catalogue import limits
from syndicate.sandbox.exchange import Refusal
from syndicate.sandbox.quota import DAY, MINUTE, Counters
from syndicate.sandbox.settings import WeChatSettings


@dataclass
class _Token:
    value: str
    expires_at: datetime
    killed: bool = False
    """True once a newer token has pushed it out: the platform then says 40001 instead of 42001."""


class Tokens:
    """Issues and judges tokens. The caller holds the platform's lock."""

    def __init__(self, settings: WeChatSettings) -> None:
        self._settings = settings
        self._issued: dict[str, _Token] = {}
        self._plain: _Token | None = None
        self._stable: _Token | None = None
        self._forced_at: datetime | None = None
        self._per_minute = Counters(MINUTE)
        self._forced = Counters(DAY)

    def issue_plain(self, query: Mapping[str, object], now: datetime) -> dict[str, object]:
        """GET /cgi-bin/token: always a new token; the one before stays valid for five minutes at most."""
        self._check_credentials(query)
        if self._plain is not None:
            self._push_out(self._plain, now)
        self._plain = self._new(now)
        return _reply(self._plain, now)

    def issue_stable(self, document: Mapping[str, object], now: datetime) -> dict[str, object]:
        """POST /cgi-bin/stable_token: the same token until five minutes before its end; force_refresh kills it."""
        self._check_credentials(document)
        if not self._per_minute.spend("stable", limits()["wechat.stable_per_minute"], now):
            raise Refusal(45011)
        if document.get("force_refresh") is True:
            self._force(now)
        overlap = timedelta(seconds=limits()["wechat.token_overlap_seconds"])
        if self._stable is None or self._stable.expires_at - now <= overlap:
            self._stable = self._new(now)
        return _reply(self._stable, now)

    def check(self, value: str | None, now: datetime) -> None:
        """Raises `Refusal` for a missing (41001), unknown or replaced (40001) or expired (42001) token."""
        if not value:
            raise Refusal(41001)
        token = self._issued.get(value)
        if token is None:
            raise Refusal(40001)
        if now >= token.expires_at:
            raise Refusal(40001 if token.killed else 42001)

    def _force(self, now: datetime) -> None:
        """Kill the stable token, unless the last forced refresh is less than 30 seconds ago."""
        gap = timedelta(seconds=limits()["wechat.force_refresh_gap_seconds"])
        if self._forced_at is not None and now - self._forced_at < gap:
            return
        if not self._forced.spend("forced", limits()["wechat.force_refresh_per_day"], now):
            raise Refusal(45009)
        self._forced_at = now
        if self._stable is not None:
            self._stable.expires_at = now
            self._stable.killed = True
            self._stable = None

    def _push_out(self, token: _Token, now: datetime) -> None:
        end = now + timedelta(seconds=limits()["wechat.token_overlap_seconds"])
        if end < token.expires_at:
            token.expires_at = end
            token.killed = True

    def _new(self, now: datetime) -> _Token:
        value = secrets.token_urlsafe(limits()["wechat.token_length"])[: limits()["wechat.token_length"]]
        token = _Token(value, now + timedelta(seconds=limits()["wechat.token_seconds"]))
        self._issued[value] = token
        return token

    def _check_credentials(self, given: Mapping[str, object]) -> None:
        if given.get("grant_type") != "client_credential":
            raise Refusal(40002)
        if not given.get("appid"):
            raise Refusal(41002)
        if not given.get("secret"):
            raise Refusal(41004)
        if given["appid"] != self._settings.appid:
            raise Refusal(40013)
        if given["secret"] != self._settings.secret:
            raise Refusal(40125)


def _reply(token: _Token, now: datetime) -> dict[str, object]:
    return {"access_token": token.value, "expires_in": int((token.expires_at - now).total_seconds())}
