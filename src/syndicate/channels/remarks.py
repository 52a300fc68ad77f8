"""What was delivered, but not whole: drivers note it beside their ids, and a person is told."""

from __future__ import annotations

from collections.abc import Mapping

from syndicate.errors import Message

_LEFT_OUT = "left_out:"
_REASONS = {
    "no_file": "channels.left_out_no_file",
    "not_a_picture": "channels.left_out_not_a_picture",
    "no_answer": "channels.left_out_no_answer",
}


def remark(notes: Mapping[str, str]) -> Message | None:
    """What readers do not get of an approved rendition: pictures, characters of the ticker, the slide; the gravest."""
    left_out = [reason for name, reason in notes.items() if name.startswith(_LEFT_OUT)]
    if left_out:
        key = _REASONS.get(left_out[0], "channels.left_out_refused")
        return Message(key, {"count": len(left_out), "code": left_out[0]})
    if lost := notes.get("ticker_lost"):
        return Message("channels.ticker_lost", {"characters": "、".join(lost)})
    return Message("channels.no_slide") if notes.get("slide") == "no_font" else None
