"""The same reply with other field types: platforms document strings and send numbers, and the other way round."""

from __future__ import annotations

import json

from syndicate.sandbox.exchange import Reply, json_reply

_CHANGING = frozenset(
    {"errcode", "error_code", "publish_id", "publish_status", "msg_id", "msg_data_id", "expires_in", "expire_in"}
    | {"remind_in", "uid", "create_at", "id", "mid", "idx", "count", "revision", "seq", "fail_idx"}
)


def vary_types(reply: Reply) -> Reply:
    """Numbers become strings, digits become numbers, a list of one `fail_idx` becomes its only value."""
    if not reply.content_type.startswith("application/json") or not reply.body:
        return reply
    return json_reply(_varied(json.loads(reply.body)), reply.status, reply.headers)


def _varied(value: object, name: str = "") -> object:
    if isinstance(value, dict):
        return {key: _varied(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        inner = [_varied(entry) for entry in value]
        return str(inner[0]) if name == "fail_idx" and len(inner) == 1 else inner
    if name not in _CHANGING or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value
