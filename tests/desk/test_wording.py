from __future__ import annotations

import re

import pytest

from syndicate.desk.wording import status_of, told, word
from syndicate.errors import Conflict, InputError, Message, NotAllowed, NotFound, StorageError, UsageError, wordings
from syndicate.model.review import ItemAction, Role

OWN = [key for key in wordings() if key.startswith("desk.do_")]


@pytest.mark.parametrize("key", OWN)
def test_nobody_at_the_desk_is_sent_to_the_command_line(key: str) -> None:
    assert not re.search(r"syndicate |--", wordings()[key].zh)


@pytest.mark.parametrize("key", OWN)
def test_the_desks_own_action_belongs_to_a_message_that_exists(key: str) -> None:
    assert key.removeprefix("desk.do_") in wordings()


def test_the_desks_own_action_takes_the_place_of_the_command() -> None:
    assert "再登记“已在渠道上”或“渠道上没有”" in told(Message("ledger.look_first", {"delivery": 7})).action


def test_names_of_the_code_are_put_into_words() -> None:
    values = {"role": Role.EDITOR, "action": ItemAction.APPROVE_LAST, "roles": "publisher、reviewer"}
    shown = told(Message("review.role", values))
    assert "终审通过" in shown.what
    assert not re.search("[a-z]", shown.what + shown.action)


def test_every_action_of_a_person_has_a_word() -> None:
    assert [action for action in ItemAction if word("verb", action) == action.value] == []


@pytest.mark.parametrize(
    ("kind", "status"),
    [(NotAllowed, 403), (NotFound, 404), (Conflict, 409), (InputError, 400), (UsageError, 400), (StorageError, 503)],
)
def test_the_status_says_what_to_do_next(kind: type[NotAllowed], status: int) -> None:
    assert status_of(kind("desk.bad_request")) == status
