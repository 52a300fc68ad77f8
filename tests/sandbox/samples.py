"""What the tests of the sandbox share: sample texts and pictures, a running sandbox, clients that act as an office."""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from syndicate.sandbox.clock import Clock
from syndicate.sandbox.drill import Sandbox, SandboxAddresses
from syndicate.sandbox.faults import Fault
from syndicate.sandbox.settings import Settings

NOON = datetime(2026, 3, 5, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PNG = b"\x89PNG\r\n\x1a\n" + b"sample picture"


def png(size: int) -> bytes:
    """Bytes of that length that begin like a PNG."""
    return PNG + bytes(size - len(PNG))


def real_png() -> bytes:
    """A picture of one white point that every decoder takes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return PNG[:8] + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\xff\xff\xff")) + chunk(b"IEND", b"")


@dataclass
class Running:
    """A started sandbox whose clock stands still unless a test moves it."""

    sandbox: Sandbox
    addresses: SandboxAddresses
    clock: Clock
    folder: Path
    journal: Path
    http: httpx.Client
    settings: Settings

    def state(self, platform: str) -> dict[str, Any]:
        """GET /_sandbox/state of a platform."""
        reply = self.http.get(f"{getattr(self.addresses, platform)}/_sandbox/state")
        assert reply.status_code == 200
        return reply.json()

    def faults(self, *faults: Fault) -> None:
        """Replace the plan."""
        self.sandbox.faults.replace(faults)


class WeChatClient:
    """The calls of an office to the drill WeChat."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.token = ""

    def url(self, path: str) -> str:
        return f"{self.running.addresses.wechat}{path}"

    def credentials(self, **more: object) -> dict[str, object]:
        settings = self.running.settings.wechat
        return {"grant_type": "client_credential", "appid": settings.appid, "secret": settings.secret} | more

    def get_token(self) -> dict[str, Any]:
        """A new plain token."""
        reply = self.running.http.get(self.url("/cgi-bin/token"), params=self.credentials()).json()
        self.token = reply.get("access_token", self.token)
        return reply

    def stable(self, **more: object) -> dict[str, Any]:
        """The stable token."""
        return self.running.http.post(self.url("/cgi-bin/stable_token"), json=self.credentials(**more)).json()

    def send(self, path: str, body: bytes) -> httpx.Response:
        """POST bytes with the token."""
        return self.running.http.post(self.url(path), params={"access_token": self.token}, content=body)

    def post(self, path: str, document: object) -> dict[str, Any]:
        """POST a document as UTF-8."""
        return self.send(path, json.dumps(document, ensure_ascii=False).encode()).json()

    def upload(self, path: str, content: bytes = PNG, **params: str) -> dict[str, Any]:
        """Upload a picture."""
        query = {"access_token": self.token} | params
        files = {"media": ("sample.png", content, "image/png")}
        return self.running.http.post(self.url(path), params=query, files=files).json()

    def cover(self) -> str:
        """The id of a permanent picture."""
        media_id: str = self.upload("/cgi-bin/material/add_material", type="image")["media_id"]
        return media_id

    def article(self, **fields: object) -> dict[str, object]:
        """A correct article with its own cover unless one is given."""
        article: dict[str, object] = {
            "title": "样例标题",
            "author": "样例作者",
            "digest": "样例摘要",
            "content": "<p>样例正文</p>",
            "content_source_url": "http://www.gov.example/a/1.html",
            "need_open_comment": 0,
            "only_fans_can_comment": 0,
        }
        if "thumb_media_id" not in fields:
            article["thumb_media_id"] = self.cover()
        return article | fields

    def add(self, *articles: dict[str, object]) -> dict[str, Any]:
        """draft/add."""
        return self.post("/cgi-bin/draft/add", {"articles": list(articles)})

    def draft(self, **fields: object) -> str:
        """The media id of a new draft."""
        media_id: str = self.add(self.article(**fields))["media_id"]
        return media_id

    def submit(self, media_id: str) -> str:
        """The publish id of a submitted draft."""
        publish_id: str = self.post("/cgi-bin/freepublish/submit", {"media_id": media_id})["publish_id"]
        return publish_id

    def status(self, publish_id: object) -> dict[str, Any]:
        """freepublish/get."""
        return self.post("/cgi-bin/freepublish/get", {"publish_id": publish_id})

    def published(self, **fields: object) -> dict[str, Any]:
        """A finished publication: the reply of freepublish/get."""
        publish_id = self.submit(self.draft(**fields))
        self.running.clock.advance(2)
        return self.status(publish_id)


class WeiboClient:
    """The calls of an office to the drill Weibo."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.token = running.settings.weibo.access_token

    def url(self, path: str) -> str:
        return f"{self.running.addresses.weibo}{path}"

    def share(self, text: str | None = None, picture: bytes | None = None, **fields: str) -> httpx.Response:
        """statuses/share with everything it needs."""
        form = {"access_token": self.token, "status": text or status(1), "rip": "203.0.113.7"} | fields
        form = {name: value for name, value in form.items() if value}
        files = {"pic": ("sample.png", picture, "image/png")} if picture is not None else None
        return self.running.http.post(self.url("/2/statuses/share.json"), data=form, files=files)

    def timeline(self, **params: str) -> list[dict[str, Any]]:
        """statuses/user_timeline."""
        query = {"access_token": self.token, "base_app": "1"} | params
        reply = self.running.http.get(self.url("/2/statuses/user_timeline.json"), params=query)
        statuses: list[dict[str, Any]] = reply.json()["statuses"]
        return statuses

    def destroy(self, mid: str) -> httpx.Response:
        """statuses/destroy."""
        form = {"access_token": self.token, "id": mid}
        return self.running.http.post(self.url("/2/statuses/destroy.json"), data=form)


def status(number: int) -> str:
    """A correct text, different for every number."""
    return f"样例微博第{number}条 http://www.gov.example/a/{number}.html"
