"""企业微信群机器人: one text to one group. The key is part of the address, so addresses never leave this module.

Source: 企业微信开发者中心《消息推送配置说明》 (read 2026-11): POST webhook/send?key=…, text at most 2,048 bytes, 20 a minute;
errcode 45009: too often.
"""

from __future__ import annotations

import json

import httpx

from syndicate.channels.calls import CallError, exchange, plain_client
from syndicate.errors import Message
from syndicate.model.notice import Posted, PostLater, PostOutcome, PostRefused

LONGEST_BYTES = 2048
_SECONDS = 20.0
_TOO_OFTEN = 45009
_BUSY = -1


def post(base_url: str, key: str, text: str) -> PostOutcome:
    """Send one text to the group."""
    body = {"msgtype": "text", "text": {"content": cut(text)}}
    with plain_client() as client:
        request = client.build_request("POST", base_url, params={"key": key}, json=body)
        try:
            answer = exchange(client, request, "企业微信", _SECONDS)
        except CallError as error:
            return PostLater(Message("mail.wecom_away", {"reason": type(error).__name__}))
    code = _code(answer.body) if answer.status == httpx.codes.OK else None
    if code == 0:
        return Posted()
    told = Message("mail.wecom_refused", {"code": answer.status if code is None else code})
    return PostLater(told) if code in (None, _TOO_OFTEN, _BUSY) else PostRefused(told)


def cut(text: str) -> str:
    """As much of the text as the group takes."""
    data = text.encode("utf-8", "replace")
    return text if len(data) <= LONGEST_BYTES else data[: LONGEST_BYTES - 3].decode("utf-8", "ignore") + "…"


def _code(body: bytes) -> int | None:
    try:
        value = json.loads(body)["errcode"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return value if isinstance(value, int) else None
