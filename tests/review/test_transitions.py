"""Both transition tables as data: nothing is missing, nothing is unreachable, every word is there."""

from __future__ import annotations

import csv
from collections import defaultdict
from importlib.resources import files

import pytest

from syndicate.errors import NotAllowed
from syndicate.model.delivery import DeliveryEvent, DeliveryState
from syndicate.model.item import ItemState
from syndicate.model.review import ItemAction, Role
from syndicate.records.deliveries import FINISHED
from syndicate.review.transitions import delivery_transition, delivery_transitions, item_transitions

NEEDS = {"reason", "in_person", "receipts", "four_eyes", "clean", "nothing_sent"}
TABLES = ("item_transitions.tsv", "delivery_transitions.tsv")
ITEM_ROWS = list(item_transitions().values())
DELIVERY_ROWS = list(delivery_transitions().values())


def _raw(name: str) -> list[list[str]]:
    text = files("syndicate").joinpath("review", name).read_text("utf-8")
    return list(csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("name", TABLES)
def test_every_line_has_as_many_cells_as_the_header(name: str) -> None:
    header, *rows = _raw(name)
    assert [row for row in rows if len(row) != len(header)] == []


@pytest.mark.parametrize("name", TABLES)
def test_no_cell_has_blanks_around_it(name: str) -> None:
    assert [cell for row in _raw(name) for cell in row if cell != cell.strip()] == []


@pytest.mark.parametrize("name", TABLES)
def test_every_pair_of_state_and_cause_stands_once(name: str) -> None:
    pairs = [tuple(row[:2]) for row in _raw(name)[1:]]
    assert len(pairs) == len(set(pairs))


def test_every_item_state_is_reached_from_a_draft() -> None:
    assert _reached(ItemState.DRAFT, [(row.state, row.next) for row in ITEM_ROWS]) == set(ItemState)


def test_every_delivery_state_is_reached_from_where_deliveries_begin() -> None:
    edges = [(row.state, row.next) for row in DELIVERY_ROWS]
    reached = _reached(DeliveryState.WAITING, edges) | _reached(DeliveryState.DUE, edges)
    assert reached == set(DeliveryState)


def test_every_item_action_has_a_row() -> None:
    assert {row.action for row in ITEM_ROWS} == set(ItemAction)


def test_every_delivery_event_has_a_row() -> None:
    assert {row.event for row in DELIVERY_ROWS} == set(DeliveryEvent)


def test_every_item_state_can_be_left() -> None:
    assert {row.state for row in ITEM_ROWS if row.next is not row.state} == set(ItemState)


def test_only_a_delivered_or_cancelled_delivery_stays_as_it_is() -> None:
    left = {row.state for row in DELIVERY_ROWS if row.next is not row.state}
    assert set(DeliveryState) - left == {DeliveryState.DELIVERED, DeliveryState.CANCELLED}


def test_every_delivery_state_that_is_not_finished_leads_to_delivered() -> None:
    edges = [(row.state, row.next) for row in DELIVERY_ROWS]
    open_states = set(DeliveryState) - set(FINISHED)
    assert {state for state in open_states if DeliveryState.DELIVERED not in _reached(state, edges)} == set()


def test_a_call_under_way_cannot_be_cancelled() -> None:
    under_way = {DeliveryState.SENDING, DeliveryState.UNSURE}
    assert {row.state for row in DELIVERY_ROWS if row.next is DeliveryState.CANCELLED} & under_way == set()


def test_only_a_claim_leads_to_sending() -> None:
    assert {row.event for row in DELIVERY_ROWS if row.next is DeliveryState.SENDING} == {DeliveryEvent.CLAIMED}


def test_an_unsure_delivery_is_never_sent_without_a_proof_of_absence() -> None:
    to_due = {row.event for row in DELIVERY_ROWS if row.state is DeliveryState.UNSURE and row.next is DeliveryState.DUE}
    assert to_due == {DeliveryEvent.ABSENT}


def test_only_a_publisher_gives_the_last_approval() -> None:
    roles = {role for row in ITEM_ROWS if row.action is ItemAction.APPROVE_LAST for role in row.roles}
    assert roles == {Role.PUBLISHER}


def test_only_a_publisher_withdraws() -> None:
    assert {role for row in ITEM_ROWS if row.action is ItemAction.WITHDRAW for role in row.roles} == {Role.PUBLISHER}


def test_every_approval_needs_four_eyes_and_a_clean_text() -> None:
    approvals = [row for row in ITEM_ROWS if row.action in {ItemAction.APPROVE, ItemAction.APPROVE_LAST}]
    assert all({"four_eyes", "clean"} <= row.needs for row in approvals)


def test_only_the_last_approval_and_an_emergency_lead_to_approved() -> None:
    new = (row for row in ITEM_ROWS if row.next is ItemState.APPROVED and row.state is not ItemState.APPROVED)
    assert {row.action for row in new} == {ItemAction.APPROVE_LAST, ItemAction.EMERGENCY}


def test_an_administrator_decides_nothing() -> None:
    assert [row for row in ITEM_ROWS if Role.ADMIN in row.roles] == []


def test_every_item_row_names_a_role() -> None:
    assert all(row.roles for row in ITEM_ROWS)


def test_every_need_is_one_that_the_rules_check() -> None:
    assert {need for row in ITEM_ROWS for need in row.needs} == NEEDS


@pytest.mark.parametrize("rows", [ITEM_ROWS, DELIVERY_ROWS], ids=["items", "deliveries"])
def test_every_row_says_in_both_languages_what_happens(rows: list) -> None:
    assert all(_is_chinese(row.zh) and row.en and not _is_chinese(row.en) for row in rows)


def test_one_audit_name_means_one_action_on_items() -> None:
    meanings = defaultdict(set)
    for row in ITEM_ROWS:
        if row.audit:
            keeps = row.action in (ItemAction.URGENT, ItemAction.NOT_URGENT, ItemAction.SCHEDULE)
            meanings[row.audit].add((row.action, None if keeps else row.next))
    assert {name: found for name, found in meanings.items() if len(found) > 1} == {}


def test_one_audit_name_means_one_end_on_deliveries() -> None:
    ends = defaultdict(set)
    for row in DELIVERY_ROWS:
        if row.audit and row.audit != "delivery.resolved":  # the person's answer stands beside it
            ends[row.audit].add(row.next)
    assert {name: found for name, found in ends.items() if len(found) > 1} == {}


def test_audit_names_begin_with_what_they_are_about() -> None:
    assert all(row.audit.startswith("item.") for row in ITEM_ROWS if row.audit)
    assert all(row.audit.startswith("delivery.") for row in DELIVERY_ROWS if row.audit)


def test_whatever_ends_a_delivery_is_audited() -> None:
    ends = {*FINISHED, DeliveryState.REFUSED, DeliveryState.NEEDS_PERSON}
    assert [row for row in DELIVERY_ROWS if row.next in ends and not row.audit] == []


def test_everything_a_person_does_to_an_item_is_audited() -> None:
    assert [row for row in ITEM_ROWS if row.roles != {Role.SYSTEM} and not row.audit] == []


def test_an_event_that_the_table_does_not_have_is_refused() -> None:
    with pytest.raises(NotAllowed, match="delivered"):
        delivery_transition(DeliveryState.DELIVERED, DeliveryEvent.CLAIMED)


def test_a_row_is_found_by_state_and_event() -> None:
    assert delivery_transition(DeliveryState.DUE, DeliveryEvent.CLAIMED).next is DeliveryState.SENDING


def _reached(start: object, edges: list) -> set:
    reached, border = {start}, {start}
    while border:
        border = {after for before, after in edges if before in border} - reached
        reached |= border
    return reached


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)
