"""The REST interface of WordPress (`/wp-json/wp/v2`, 5.6 and newer): application password over Basic, posts and media."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import httpx

from syndicate.channels import settings
from syndicate.channels.calls import (
    Answer,
    CallError,
    NotDone,
    PlatformError,
    Unanswered,
    exchange,
    plain_client,
    reply_text,
)
from syndicate.channels.codes import codes
from syndicate.model.channel import Channel, is_safe_for_passwords
from syndicate.model.hands import Hands

PLATFORM = "wordpress"
ANY_STATUS = "any"
"""Every status but trash, whose posts have another slug."""


class WordPressClient:
    """One account on one CMS. Every method raises `NotDone`, `Unanswered`, `PlatformError`, or `NotFound` for a secret."""

    def __init__(self, channel: Channel, hands: Hands) -> None:
        self._channel = channel
        self._hands = hands
        self._http = plain_client()

    def close(self) -> None:
        """Give the connection back."""
        self._http.close()

    def post(self, number: str) -> Mapping[str, Any]:
        """One post as its editor sees it."""
        return self._object(self._call("GET", f"/posts/{number}", params={"context": "edit"}))

    def post_by_slug(self, slug: str) -> Mapping[str, Any] | None:
        """The post of exactly this name, whatever its status but trash; None where there is none."""
        asked = {"slug": slug, "status": ANY_STATUS, "context": "edit"}
        return self._one(self._call("GET", "/posts", params=asked), slug)

    def create(self, fields: Mapping[str, object]) -> Mapping[str, Any]:
        """A new post."""
        return self._object(self._call("POST", "/posts", json=dict(fields)))

    def update(self, number: str, fields: Mapping[str, object]) -> Mapping[str, Any]:
        """The post with these fields in place of its own."""
        return self._object(self._call("POST", f"/posts/{number}", json=dict(fields)))

    def trash(self, number: str) -> Mapping[str, Any]:
        """The post in the trash."""
        return self._object(self._call("DELETE", f"/posts/{number}"))

    def media_by_slug(self, slug: str) -> Mapping[str, Any] | None:
        """The file of exactly this name, or None."""
        return self._one(self._call("GET", "/media", params={"slug": slug}), slug)

    def upload(self, slug: str, name: str, media_type: str, data: bytes, alt: str) -> Mapping[str, Any]:
        """A new file; the CMS calls it by `slug`. `alt` is the text for who cannot see a picture."""
        fields = {"slug": slug, "title": slug, "alt_text": alt}
        return self._object(self._call("POST", "/media", data=fields, files={"file": (name, data, media_type)}))

    def delete_media(self, number: str) -> None:
        """Take a file away for good; files have no trash."""
        self._call("DELETE", f"/media/{number}", params={"force": "true"})

    def _call(self, method: str, path: str, **what: Any) -> object:
        """One request; the JSON value of a successful reply."""
        base = self._channel.base_url.rstrip("/")
        if not is_safe_for_passwords(base):
            raise CallError("channels.wordpress_https", channel=self._channel.title, id=self._channel.id)
        user = settings.required(self._channel, "user")
        password = settings.secret(self._channel, self._hands, "application_password")
        basic = b64encode(f"{user}:{password}".encode()).decode()
        try:
            request = self._http.build_request(
                method, f"{base}/wp-json/wp/v2{path}", headers={"Authorization": f"Basic {basic}"}, **what
            )
        except httpx.InvalidURL:
            raise NotDone("channels.unreachable", platform=PLATFORM, reason="InvalidURL") from None
        answer = exchange(self._http, request, PLATFORM, self._channel.ladder.timeout.total_seconds())
        return _value(answer, reply_text(answer.body, (password, password.replace(" ", ""), basic)))

    def _one(self, value: object, slug: str) -> Mapping[str, Any] | None:
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise Unanswered("channels.strange_reply", platform=PLATFORM, status=200)
        return next((one for one in value if one.get("slug") == slug and number(one)), None)

    def _object(self, value: object) -> Mapping[str, Any]:
        if not isinstance(value, dict) or not number(value):
            raise Unanswered("channels.strange_reply", platform=PLATFORM, status=200)
        return value


def number(value: Mapping[str, Any]) -> str:
    """The id of a post or file as text, empty where there is none."""
    found = value.get("id")
    return str(found) if isinstance(found, int) and not isinstance(found, bool) and found > 0 else ""


def _value(answer: Answer, reply: str) -> object:
    """Where every reply becomes a value or an error: by the CMS's own code where the table has it, else by status."""
    try:
        value = json.loads(answer.body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        value = None
    if 200 <= answer.status < 300:
        if value is None:
            raise Unanswered("channels.strange_reply", reply=reply, platform=PLATFORM, status=answer.status)
        return value
    retry_after = answer.headers.get("retry-after", "")
    if answer.status == 429 or (answer.status == 503 and retry_after):
        raise NotDone("channels.busy", reply=reply, retry_after=retry_after, platform=PLATFORM, status=answer.status)
    said = value.get("code") if isinstance(value, dict) else None
    known = isinstance(said, str) and said in codes(PLATFORM)
    code = str(said) if known else f"http_{answer.status}"
    raise PlatformError("channels.code_unknown", code=code, reply=reply, platform=PLATFORM)
