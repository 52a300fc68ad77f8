"""Our own page as a visitor gets it through the web server."""

from __future__ import annotations

from syndicate.channels.calls import REPLY_LIMIT, CallError, exchange, plain_client
from syndicate.model.channel import Channel

_GONE = (404, 410)


class Visitor:
    """Fetches pages of one website; keeps a client."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._client = plain_client()

    def page(self, address: str) -> bytes | None:
        """The page, empty where it is gone, None for any other answer, for none, or one too long to compare."""
        seconds = self._channel.ladder.timeout.total_seconds()
        try:
            answer = exchange(self._client, self._client.build_request("GET", address), self._channel.title, seconds)
        except CallError:
            return None
        if answer.status in _GONE:
            return b""
        return answer.body if answer.status == 200 and len(answer.body) < REPLY_LIMIT else None

    def close(self) -> None:
        """Give the connection back."""
        self._client.close()
