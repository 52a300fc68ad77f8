"""故障通知 webhook: one signed POST of one JSON document (Standard Webhooks 1.0.0: webhook-id, -timestamp, -signature).

The same id comes at every try, so that the receiver can drop a double. Any 2xx is success; 410 says: never again.
"""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from syndicate.channels.calls import CallError, exchange, plain_client
from syndicate.errors import Message
from syndicate.model.notice import Posted, PostLater, PostOutcome, PostRefused

_SECONDS = 20.0


def post(url: str, key: str, name: str, identity: str, body: str, now: datetime) -> PostOutcome:
    """Hand in one document. `key` stands under the secret's `name`; `identity` names the document."""
    moment = now.astimezone(UTC)
    try:
        signature = Webhook(key).sign(identity, moment, body)
    except (ValueError, EmptyWebhookSecretError):
        return PostLater(Message("mail.webhook_key", {"name": name}))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": identity,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }
    with plain_client() as client:
        request = client.build_request("POST", url, headers=headers, content=body.encode())
        try:
            answer = exchange(client, request, "webhook", _SECONDS)
        except CallError as error:
            return PostLater(Message("mail.webhook_away", {"reason": type(error).__name__}))
    if httpx.codes.is_success(answer.status):
        return Posted()
    if answer.status == httpx.codes.GONE:
        return PostRefused(Message("mail.webhook_gone"))
    return PostLater(Message("mail.webhook_refused", {"code": answer.status}))
