"""Standard Webhooks signatures, judged by the sandbox's clock (the library's own check reads the real one)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook

from syndicate.sandbox.catalogue import limits


def signature_fault(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> str:
    """Why a signature is not good, or an empty text. Header names in lower case; any of `secrets` may have signed."""
    identity, stamp, given = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not identity or not stamp or not given:
        return "missing webhook headers"
    try:
        sent_at = datetime.fromtimestamp(int(stamp), UTC)
        text = body.decode("utf-8")
    except (ValueError, OverflowError, OSError):
        return "bad timestamp or body"
    if abs((now - sent_at).total_seconds()) > limits()["app.tolerance_seconds"]:
        return "timestamp out of tolerance"
    expected = [Webhook(secret).sign(identity, sent_at, text).encode("ascii") for secret in secrets]
    offered = [signature.encode("utf-8", "replace") for signature in given.split(" ")]
    if not any(hmac.compare_digest(one, other) for one in expected for other in offered):
        return "no matching signature"
    return ""
