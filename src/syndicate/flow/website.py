"""The website as a whole: comparing the disk with what was written."""

from __future__ import annotations

from pathlib import Path

from syndicate.errors import NotFound
from syndicate.flow.workspace import Workspace
from syndicate.site.writer import Verification, verify


def site_folder(workspace: Workspace) -> Path:
    """Where the office's website is written. Raises NotFound for an office without one."""
    website = workspace.website()
    if website is None:
        raise NotFound("ledger.no_channel", channel="website")
    return workspace.home / str(website.settings["folder"])


def verify_site(workspace: Workspace) -> Verification:
    """Every missing, changed or foreign file of the website."""
    return verify(site_folder(workspace))
