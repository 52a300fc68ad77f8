"""What is remembered of an official account beyond one delivery: uploaded pictures, drafts in the box, the last sweep."""

from __future__ import annotations

import json
from datetime import datetime

from syndicate.model.hashing import digest
from syndicate.model.quota import ChannelMemory, Remembered


class Memory:
    """The memory of one account. Another account or another server under the same channel begins with nothing."""

    def __init__(self, memory: ChannelMemory, channel: str, app_id: str, base_url: str) -> None:
        self._memory = memory
        self._channel = channel
        self._account = digest([app_id, base_url])[:12]

    def picture(self, sha256: str) -> str:
        """The address of an uploaded picture; empty when it was never uploaded."""
        found = self._get(f"image:{sha256}")
        return found.value if found else ""

    def keep_picture(self, sha256: str, address: str, now: datetime) -> None:
        """Remember where a picture stands."""
        self._put(f"image:{sha256}", address, now)

    def draft(self, item: int) -> str:
        """The draft of an item that lies in the box and was not submitted; empty when there is none."""
        found = self._get(f"draft:{item}")
        return found.value if found else ""

    def keep_draft(self, item: int, media_id: str, now: datetime) -> None:
        """Remember an item's draft; an empty id forgets it."""
        self._put(f"draft:{item}", media_id, now)

    def sweep(self, since: datetime) -> object | None:
        """The newest publications, if the list was asked for at or after `since`."""
        found = self._get("sweep")
        return json.loads(found.value) if found and found.at >= since else None

    def keep_sweep(self, publications: object, now: datetime) -> None:
        """Share a list with everything that waits for it."""
        self._put("sweep", json.dumps(publications, ensure_ascii=False), now)

    def _get(self, key: str) -> Remembered | None:
        return self._memory.get(self._channel, f"{self._account}:{key}")

    def _put(self, key: str, value: str, now: datetime) -> None:
        self._memory.put(self._channel, f"{self._account}:{key}", value, now)
