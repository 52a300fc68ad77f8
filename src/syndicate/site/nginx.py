"""What nginx needs beyond the files: which addresses are gone (410) and which have moved (301).

They stand beside the site's folder in `<site>.nginx/`, one small file for each withdrawn item, so that a withdrawal
costs the same on a site of any size. nginx reads them anew with `nginx -s reload`; until then a visitor sees the notice
page, or is led on by the page that stands at the former address.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from syndicate.model.office import Office
from syndicate.model.site import SiteEntry

REDIRECTS = "redirects.map"


def folder_of(root: Path) -> Path:
    """Where the maps of a site stand."""
    return root.with_name(f"{root.name}.nginx")


def gone_file(entry: SiteEntry) -> str:
    """The file that says whether an item is gone."""
    return f"gone-{entry.item}.map"


def gone_map(office: Office, entry: SiteEntry) -> bytes:
    """The line for a withdrawn entry's address; nothing for one that stands."""
    return f"{urlsplit(office.site_url).path}/{entry.address} 1;\n".encode() if entry.withdrawn else b""


def redirect_map(renamed: Mapping[str, str]) -> bytes:
    """Lists and feeds of renamed columns; articles keep their addresses for ever."""
    lines = [
        f"~^(?<before>.*)/{former}/(?<list>(index\\.html|p\\d+\\.html|rss\\.xml|atom\\.xml|feed\\.json)?)$ "
        f"$before/{name}/$list;\n"
        for former, name in sorted(renamed.items())
    ]
    return "".join(lines).encode()
