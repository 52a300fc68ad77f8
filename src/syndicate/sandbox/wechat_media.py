"""Pictures that were uploaded to the drill WeChat: permanent material and pictures inside texts."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from syndicate.sandbox.catalogue import limits
from syndicate.sandbox.exchange import Refusal, Reply, Request
from syndicate.sandbox.images import picture_kind
from syndicate.sandbox.multipart import read_multipart


@dataclass
class Media:
    """What was uploaded. The caller holds the platform's lock."""

    pictures: dict[str, bytes] = field(default_factory=dict)
    """Address → bytes: the only pictures that survive in a text."""
    permanent: dict[str, str] = field(default_factory=dict)
    """Media id → address."""

    def add_material(self, request: Request, address: str) -> dict[str, object]:
        """material/add_material: a permanent picture. `address` is the platform's base address."""
        kind = request.query.get("type", "")
        if kind not in ("image", "thumb"):
            raise Refusal(40004)
        content = _upload(request)
        found = picture_kind(content)
        if found is None:
            raise Refusal(40137)
        if kind == "thumb" and (found != "jpeg" or len(content) > limits()["wechat.thumb_bytes"]):
            raise Refusal(40005 if found != "jpeg" else 40012)
        if len(content) > limits()["wechat.image_bytes"]:
            raise Refusal(40009)
        media_id = secrets.token_urlsafe(48)
        self.permanent[media_id] = self._keep(content, found, address)
        return {"media_id": media_id, "url": self.permanent[media_id]}

    def upload_image(self, request: Request, address: str) -> dict[str, object]:
        """media/uploadimg: a picture for use inside a text."""
        content = _upload(request)
        found = picture_kind(content)
        if found not in ("jpeg", "png"):
            raise Refusal(40005)
        if len(content) >= limits()["wechat.uploadimg_bytes"]:
            raise Refusal(40009)
        return {"url": self._keep(content, found, address)}

    def show(self, url: str) -> Reply | None:
        """The picture behind an address."""
        content = self.pictures.get(url)
        if content is None:
            return None
        headers = {"X-Content-Type-Options": "nosniff"}
        return Reply(200, content, f"image/{picture_kind(content)}", headers)

    def _keep(self, content: bytes, kind: str, address: str) -> str:
        url = f"{address}/mmbiz/{secrets.token_hex(16)}?wx_fmt={kind}"
        self.pictures[url] = content
        return url


def _upload(request: Request) -> bytes:
    if request.content_type != "multipart/form-data":
        raise Refusal(41005)
    try:
        parts = read_multipart(request.body, request.headers["content-type"])
    except ValueError:
        raise Refusal(41005) from None
    for part in parts:
        if part.name == "media" and part.file_name:
            if not part.content:
                raise Refusal(44001)
            return part.content
    raise Refusal(41005)
