"""A column that is renamed, joined to another or gone: articles keep their addresses, on other channels too."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.errors import Conflict
from syndicate.flow.checking import render_all
from syndicate.flow.website import build_site, verify_site
from syndicate.flow.withdraw import withdraw
from syndicate.model.delivery import DeliveryState
from syndicate.model.review import WithdrawalKind
from syndicate.records import items, receipts
from tests.databases import on_both
from tests.flow.office import PUBLISHER, Desk


def rewrite(desk: Desk, before: str, after: str) -> None:
    """Another text in `content/columns.yaml`."""
    path: Path = desk.home / "content" / "columns.yaml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")
    desk.reload()


def rename(desk: Desk) -> None:
    rewrite(desk, "  news: {", "  xinwen: {former: [news], ")


def address(desk: Desk, item: int) -> str:
    """Where the website holds an item."""
    (receipt,) = receipts.held(item, "website")
    return receipt.receipt.remote_id


@on_both
def test_a_correction_after_a_rename_stands_at_the_old_address_and_weibo_links_to_it(desk: Desk) -> None:
    item = desk.approved()
    desk.settle()
    before = address(desk, item)
    rename(desk)
    build_site(desk.workspace)
    desk.corrected(item, "城区三条道路恢复通行（更正）")
    desk.settle()
    assert address(desk, item) == before
    assert "（更正）" in desk.page(item)
    record = items.get(item)
    assert record.column == "xinwen"
    rendered = render_all(desk.workspace, record, items.latest_revision(item).content)
    assert {one.rendition.fields["link"] for one in rendered if "link" in one.rendition.fields} == {
        f"http://127.0.0.1/{before}"
    }
    assert verify_site(desk.workspace).whole


def test_what_is_withdrawn_right_after_a_rename_waits_for_the_build_and_says_so(desk: Desk) -> None:
    item = desk.approved("website")
    desk.settle()
    rename(desk)
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "样例")
    desk.run()
    waiting = desk.delivery(item, "website")
    assert waiting.message is not None
    assert (waiting.state, waiting.message.key) == (DeliveryState.DUE, "site.renamed")
    build_site(desk.workspace)
    desk.settle()
    assert "城区三条道路恢复通行" not in desk.page(item)
    assert desk.delivery(item, "website").state is DeliveryState.DELIVERED


def test_what_is_published_right_after_a_rename_waits_for_the_build(desk: Desk) -> None:
    first = desk.approved("website")
    desk.settle()
    second = desk.submitted("website")
    rename(desk)
    desk.approve(second)
    desk.run()
    assert desk.page(second) == ""
    build_site(desk.workspace)
    desk.settle()
    listing = (desk.home / "var" / "site" / "xinwen" / "index.html").read_text("utf-8")
    assert listing.index(f"{second}.html") < listing.index(f"{first}.html")


def test_a_withdrawal_in_a_column_that_is_gone_is_a_persons_task_with_the_remedy(desk: Desk) -> None:
    item = desk.approved("website")
    desk.settle()
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "样例")
    rewrite(desk, "  news: {", "  other: {")
    desk.run()
    stopped = desk.delivery(item, "website")
    assert stopped.message is not None
    assert (stopped.state, stopped.message.key) == (DeliveryState.NEEDS_PERSON, "site.column_lost")


def test_what_was_not_published_yet_gets_an_address_of_the_new_name(desk: Desk) -> None:
    item = desk.submitted("website")
    rename(desk)
    build_site(desk.workspace)
    desk.approve(item)
    desk.settle()
    assert address(desk, item).startswith("xinwen/")


def test_a_column_with_articles_that_is_gone_is_named_and_nothing_is_rebuilt(desk: Desk) -> None:
    item = desk.approved("website")
    desk.settle()
    rewrite(desk, "  news: {", "  other: {")
    with pytest.raises(Conflict) as error:
        build_site(desk.workspace)
    assert error.value.message.key == "site.column_lost"
    assert error.value.message.values == {"column": "news", "count": 1}
    assert desk.page(item)
