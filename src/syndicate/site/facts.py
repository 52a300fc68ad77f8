"""What every page of a website knows: who publishes, the columns, the templates and the switches of its channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from syndicate.model.channel import Channel
from syndicate.model.hashing import digest
from syndicate.model.office import Office, Snapshot
from syndicate.model.site import Column


@dataclass(frozen=True)
class Switches:
    """What a website channel may turn on: `settings` of the same names in its YAML."""

    memorial: bool = False
    """Black and white, on days of mourning; changes one small file."""
    search_url: str = ""
    """Where the public search answers; without it no page shows a search box."""
    feedback_url: str = ""
    """Where the public's error reports and ratings are taken in; without it no page asks for them."""
    find_error_script: str = ""
    """我为政府网站找错 as the platform's own script; empty: a plain link with a local picture."""
    organ_mark_script: str = ""
    """党政机关标识 as the platform's own script; empty: a plain link with a local picture."""

    @property
    def script_hosts(self) -> tuple[str, ...]:
        """Origins that the Content-Security-Policy must open, no more."""
        scripts = filter(None, (self.find_error_script, self.organ_mark_script))
        return tuple(dict.fromkeys(origin(script) for script in scripts))

    @property
    def form_hosts(self) -> tuple[str, ...]:
        """The origins that the pages' forms are sent to."""
        return tuple(dict.fromkeys(origin(one) for one in (self.search_url, self.feedback_url) if one))


@dataclass(frozen=True)
class SiteFacts:
    """One website under one configuration. `templates` are the office's, by path below `content/templates/`."""

    office: Office
    columns: Mapping[str, Column]
    templates: Mapping[str, str]
    switches: Switches = Switches()

    @cached_property
    def version(self) -> str:
        """Changes with everything that could change an article's page beside the article."""
        pages = {name: text for name, text in self.templates.items() if name.startswith("website/")}
        return digest([pages, repr(self.office), repr(tuple(self.columns.values())), repr(self.switches)])[:12]

    @cached_property
    def renamed(self) -> Mapping[str, str]:
        """Former names of columns and what each is called now."""
        return {
            former: column.name
            for column in self.columns.values()
            for former in column.former
            if former not in self.columns
        }


def origin(address: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def site_facts(snapshot: Snapshot, channel: Channel) -> SiteFacts:
    """The facts of a website channel: its columns in the order of `content/columns.yaml`."""
    carried = {
        name: column for name, column in snapshot.columns.items() if not channel.columns or name in channel.columns
    }
    settings = channel.settings
    switches = Switches(
        memorial=settings.get("memorial") is True,
        search_url=str(settings.get("search_url", "")),
        feedback_url=str(settings.get("feedback_url", "")),
        find_error_script=str(settings.get("find_error_script", "")),
        organ_mark_script=str(settings.get("organ_mark_script", "")),
    )
    return SiteFacts(snapshot.office, carried, snapshot.templates, switches)
