"""A column that got another name: what stood under the former one belongs to it. Articles keep their addresses."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import OuterRef, Subquery

from syndicate.records import models
from syndicate.records.connection import one_at_a_time

_AT_ONCE = 500


def adopt_columns(channel: str, renamed: Mapping[str, str]) -> None:
    """Items and entries of former names (keys) go to the columns named; a website must be built anew afterwards.

    Where both names hold entries they are numbered anew by the time of publication. Doing it again changes nothing.
    """
    for former, name in renamed.items():
        with transaction.atomic():
            one_at_a_time(f"{channel}\n{name}")
            _keep_addresses(channel, former)
            models.Item.objects.filter(column=former).update(column=name)
            moving = models.SiteEntry.objects.filter(channel=channel, column=former)
            standing = models.SiteEntry.objects.filter(channel=channel, column=name)
            if moving.exists() and standing.exists():
                _number_together(channel, former, name)
            else:
                moving.update(column=name)


def _keep_addresses(channel: str, former: str) -> None:
    """What stands keeps its address, so that other channels go on linking to it there."""
    standing = models.SiteEntry.objects.filter(channel=channel, item=OuterRef("pk")).values("address")[:1]
    rows = models.Item.objects.filter(column=former, old_address="")
    rows.filter(siteentry__channel=channel).update(old_address=Subquery(standing))


def _number_together(channel: str, former: str, name: str) -> None:
    """Two columns become one, oldest first. The numbers go through a range that is free in both."""
    rows = list(
        models.SiteEntry.objects.filter(channel=channel, column__in=(former, name))
        .order_by("published_at", "item_id")
        .only("id", "column", "sequence")
    )
    free = max(row.sequence for row in rows) + 1 + len(rows)
    for base in (free, 0):
        for number, row in enumerate(rows):
            row.column, row.sequence = name, base + number
        models.SiteEntry.objects.bulk_update(rows, ["column", "sequence"], batch_size=_AT_ONCE)
