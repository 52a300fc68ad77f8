"""Hands: everything a driver may touch besides its platform.

A module of its own, because it needs both the channel's values and the snapshot, which holds channels.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from syndicate.model.channel import FileReader, Secrets, TokenVault
from syndicate.model.office import Snapshot
from syndicate.model.quota import CallBudget, ChannelMemory
from syndicate.model.site import SiteLedger


@dataclass(frozen=True)
class Hands:
    """Everything a driver may touch besides its platform. `snapshot` is the configuration its channel belongs to."""

    home: Path
    secrets: Secrets
    tokens: TokenVault
    files: FileReader
    site: SiteLedger
    snapshot: Snapshot
    calls: CallBudget
    memory: ChannelMemory
