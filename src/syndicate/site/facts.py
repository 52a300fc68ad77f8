"""What every page of a website knows: who publishes, the columns and the templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from syndicate.model.channel import Channel
from syndicate.model.office import Office, Snapshot
from syndicate.model.site import Column


@dataclass(frozen=True)
class SiteFacts:
    """One website under one configuration. `templates` are the office's, by path below `content/templates/`."""

    office: Office
    columns: Mapping[str, Column]
    templates: Mapping[str, str]


def site_facts(snapshot: Snapshot, channel: Channel) -> SiteFacts:
    """The facts of a website channel: its columns in the order of `content/columns.yaml`."""
    carried = {
        name: column for name, column in snapshot.columns.items() if not channel.columns or name in channel.columns
    }
    return SiteFacts(snapshot.office, carried, snapshot.templates)
