"""What a rendition needs besides the revision and the channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from syndicate.errors import NotFound
from syndicate.model.channel import Rendition
from syndicate.model.office import Office, Snapshot
from syndicate.model.site import Column
from syndicate.render.addresses import page_address, post_slug

NOTICE_TEMPLATE = "notice.j2"


@dataclass(frozen=True)
class RenderFacts:
    """Item, place and office of a rendition. `created_at` is the item's creation, aware; it fixes the address."""

    item: int
    column: Column
    office: Office
    page_url: str
    """Absolute address of the article on our site; empty where the office has no website."""
    created_at: datetime
    notice_template: str = ""
    """Jinja2 text of the approved withdrawal notice."""
    urgent: bool = False
    """Goes before everything else where a channel shows one thing at a time."""
    members: tuple[Rendition, ...] = ()
    """Of a bundle: the renditions that it lists."""
    expires_at: datetime | None = None
    """When the item's time is over."""
    old_address: str = ""
    """Where it stood on the former website, or before its column was renamed, and stands still; else empty."""

    @property
    def address(self) -> str:
        """Path of the article below the site."""
        return self.old_address or page_address(self.column.name, self.item, self.created_at)

    @property
    def slug(self) -> str:
        """Name of the article's post on a CMS."""
        return post_slug(self.item, self.created_at)


def render_facts(
    snapshot: Snapshot, item: int, column: str, created_at: datetime, old_address: str = ""
) -> RenderFacts:
    """The facts of one item under one configuration; its column may be called by a former name.

    Raises `NotFound` for a column that the configuration does not know.
    """
    found = snapshot.columns.get(column) or next((c for c in snapshot.columns.values() if column in c.former), None)
    if found is None:
        raise NotFound("render.column", column=column)
    address = old_address or page_address(column, item, created_at)
    return RenderFacts(
        item=item,
        column=found,
        office=snapshot.office,
        page_url=_page_url(snapshot, address, post_slug(item, created_at)),
        created_at=created_at,
        notice_template=snapshot.templates.get(NOTICE_TEMPLATE, ""),
        old_address=old_address if found.name == column else address,
    )


def _page_url(snapshot: Snapshot, address: str, slug: str) -> str:
    """On our own website, else on the CMS where that is the office's only one and says how its addresses look."""
    if snapshot.cms:
        return str(snapshot.cms.settings.get("page_url", "")).replace("{slug}", slug)
    return f"{snapshot.office.site_url}/{address}" if snapshot.office.site_url else ""
