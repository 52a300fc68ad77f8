"""Who has which item open: kept for a minute, no part of the audit."""

from __future__ import annotations

from datetime import datetime

from syndicate.errors import NotFound
from syndicate.records import models
from syndicate.records.connection import one_transaction


def beat(item: int, person: str, now: datetime, since: datetime) -> tuple[str, ...]:
    """Remember that somebody has an item open; returns who else had it open after `since`, by name. Raises NotFound."""
    if not models.Item.objects.filter(id=item).exists():
        raise NotFound("records.no_item", item=item)
    user = models.User.objects.get(username=person)
    with one_transaction():
        models.Presence.objects.filter(seen_at__lt=since).delete()
        models.Presence.objects.update_or_create(item_id=item, user=user, defaults={"seen_at": now})
    others = models.Presence.objects.filter(item_id=item, seen_at__gte=since).exclude(user=user)
    return tuple(others.order_by("user__username").values_list("user__username", flat=True))
