"""An import that is killed: started again it goes on, nothing is doubled or lost, and the site ends as if nothing had been."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from syndicate.flow.website import verify_site
from syndicate.model.item import ItemState
from syndicate.records import audit, items, models
from syndicate.records.connection import close_connections
from tests.conftest import ROOT
from tests.flow.office import CONTENT, Desk
from tests.flow.old_office import opened, taken
from tests.ingest.exports import export, post

POSTS = 45
"""More than one page of the archive."""
DATA = export(*(post(number, f"样例动态第{number}号") for number in range(POSTS)))


def killed(desk: Desk, function: str, nth: int) -> None:
    """An import in another process that dies there."""
    file = desk.home / "export.xml"
    file.write_bytes(DATA)
    close_connections()
    command = [sys.executable, "-m", "tests.flow.import_killed", str(desk.home), function, str(nth), str(file)]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=100)
    assert done.returncode == -signal.SIGKILL, done.stderr


def links_lead_somewhere(root: Path) -> bool:
    """Whether every page that a list of the column links to is there."""
    for page in [root / "news" / "index.html", *(root / "news").glob("p*.html")]:
        for part in page.read_text("utf-8").split('href="')[1:] if page.exists() else []:
            target = part.partition('"')[0]
            if not target.startswith(("http", "#")) and not (page.parent / target).exists():
                return False
    return True


@pytest.mark.parametrize(
    ("function", "nth"),
    [
        ("hold", 7),
        ("check_revision", 7),
        ("_written", 30),
        ("put_in", 1),
        ("index_missing", 1),
    ],
)
def test_an_import_killed_anywhere_is_finished_by_the_next(desk: Desk, function: str, nth: int) -> None:
    killed(desk, function, nth)
    result = taken(desk, opened(desk, DATA))
    assert (result.imported + result.already, result.failed) == (POSTS, [])
    assert items.counted([ItemState.PUBLISHED]) == POSTS
    assert models.Receipt.objects.count() == POSTS
    assert sorted(models.SiteEntry.objects.values_list("sequence", flat=True)) == list(range(POSTS))
    assert models.SearchDocument.objects.count() == POSTS
    assert audit.verify().broken is None
    assert verify_site(desk.workspace).whole
    assert links_lead_somewhere(desk.home / "var" / "site")


def test_a_publication_between_a_kill_and_the_next_import_leads_to_nothing_missing(desk: Desk) -> None:
    killed(desk, "put_in", 1)
    desk.approved("website", content=replace(CONTENT, title="其间发布的样例"))
    desk.settle()
    assert links_lead_somewhere(desk.home / "var" / "site")
    taken(desk, opened(desk, DATA))
    assert verify_site(desk.workspace).whole
    assert links_lead_somewhere(desk.home / "var" / "site")
    newest = models.SiteEntry.objects.order_by("-sequence").first()
    assert newest is not None
    assert newest.title == "其间发布的样例"
