"""OAuth2 of the drill Weibo: authorisation codes, access tokens and what they are worth."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from syndicate.sandbox.catalogue import limits
from syndicate.sandbox.exchange import Refusal, Reply
from syndicate.sandbox.settings import WeiboSettings
from syndicate.sandbox.weibo_text import urlsplit_host


@dataclass
class _Grant:
    created_at: datetime
    expires_at: datetime
    revoked: bool = False


@dataclass
class Access:
    """Codes and tokens. The caller holds the platform's lock."""

    settings: WeiboSettings
    started_at: datetime
    _codes: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _grants: dict[str, _Grant] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._grants[self.settings.access_token] = self._grant(self.started_at)

    def authorize(self, query: Mapping[str, str], now: datetime) -> Reply:
        """GET /oauth2/authorize: the drill's account holder agrees at once. Redirects only to this machine."""
        target = query.get("redirect_uri", "")
        if query.get("client_id") != self.settings.app_key:
            raise Refusal(21324)
        if not target.startswith("http://") or urlsplit_host(target) not in ("127.0.0.1", "localhost"):
            raise Refusal(21322)
        if query.get("response_type", "code") != "code":
            raise Refusal(21329)
        code = secrets.token_hex(16)
        self._codes[code] = (target, now + timedelta(seconds=limits()["weibo.code_seconds"]))
        answer = {"code": code} | ({"state": query["state"]} if "state" in query else {})
        separator = "&" if "?" in target else "?"
        location = "".join(character for character in target if character.isprintable() and character.isascii())
        return Reply(302, headers={"Location": f"{location}{separator}{urlencode(answer)}"})

    def exchange(self, form: Mapping[str, str], now: datetime) -> dict[str, object]:
        """POST /oauth2/access_token: a code for a token; a code works once."""
        if form.get("client_id") != self.settings.app_key or form.get("client_secret") != self.settings.app_secret:
            raise Refusal(21324)
        if form.get("grant_type") != "authorization_code":
            raise Refusal(21328)
        target, ends = self._codes.get(form.get("code", ""), ("", now))
        if now >= ends:
            raise Refusal(21325)
        if form.get("redirect_uri") != target:
            raise Refusal(21322)
        del self._codes[form["code"]]
        value = f"2.00{secrets.token_hex(14)}"
        self._grants[value] = self._grant(now)
        seconds = limits()["weibo.token_seconds"]
        return {
            "access_token": value,
            "remind_in": str(seconds),
            "expires_in": seconds,
            "uid": self.settings.uid,
            "isRealName": "true",
        }

    def describe(self, form: Mapping[str, str], now: datetime) -> dict[str, object]:
        """POST /oauth2/get_token_info."""
        grant = self.check(form.get("access_token", ""), now)
        return {
            "uid": int(self.settings.uid),
            "appkey": self.settings.app_key,
            "scope": "",
            "create_at": int(grant.created_at.timestamp()),
            "expire_in": int((grant.expires_at - now).total_seconds()),
        }

    def revoke(self, token: str, now: datetime) -> dict[str, object]:
        """/oauth2/revokeoauth2 (unconfirmed)."""
        self.check(token, now).revoked = True
        return {"result": True}

    def check(self, token: str, now: datetime) -> _Grant:
        """Raises `Refusal` for a missing (21301), unknown (21332), revoked (21316) or expired (21327) token."""
        if not token:
            raise Refusal(21301)
        grant = self._grants.get(token)
        if grant is None:
            raise Refusal(21332)
        if grant.revoked:
            raise Refusal(21316)
        if now >= grant.expires_at:
            raise Refusal(21327)
        return grant

    def _grant(self, now: datetime) -> _Grant:
        return _Grant(now, now + timedelta(seconds=limits()["weibo.token_seconds"]))
