"""An imported item on the desk: where it came from is said, and it can be corrected and withdrawn like all others."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from syndicate.flow.importing import import_site
from syndicate.flow.old_site import named_columns, open_export
from syndicate.net.fetcher import Fetcher
from syndicate.records import models
from tests.desk.office import PUBLISHER, Office
from tests.ingest.exports import export, post


def imported(office: Office) -> int:
    """The number of an item that came from a WordPress export."""
    file = office.home / "export.xml"
    file.write_bytes(export(post(1, "旧网站样例动态")))
    workspace = office.workspace
    site = open_export(workspace, file, named_columns(["news=news"], workspace.snapshot.columns))
    import_site(workspace, PUBLISHER, Fetcher(clock=workspace.now, gap=timedelta(0)), site, lambda _: None)
    return models.Item.objects.get().id


def test_its_page_says_where_it_came_from_and_offers_correction_and_withdrawal(
    office: Office, publisher: Client
) -> None:
    number = imported(office)
    text = publisher.get(f"/items/{number}").content.decode()
    for words in ("旧网站样例动态", "已发布", "从旧网站导入", "2016/05/sample-1/index.html", "更正", "撤稿"):
        assert words in text, words


def test_it_is_found_in_the_queue_of_what_is_published(office: Office, publisher: Client) -> None:
    imported(office)
    assert "旧网站样例动态" in publisher.get("/queue?tab=published&q=旧网站").content.decode()
