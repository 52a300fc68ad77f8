"""The manual channel: a task for a person at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.channels.drivers import open_driver
from syndicate.model.channel import ChannelKind
from syndicate.model.delivery import Action, CannotTell, NeedsPerson, Receipt
from tests.channels.office import Desk


@pytest.mark.parametrize("action", list(Action))
def test_every_action_becomes_a_task_with_the_text_to_paste(tmp_path: Path, action: Action) -> None:
    desk = Desk(tmp_path)
    job = desk.job(
        desk.channel(ChannelKind.MANUAL), action=action, held=(Receipt("x", "https://a.example/1", desk.now),)
    )
    driver = open_driver(job.channel, desk.hands)
    result = driver.perform(driver.next_step(job), job)
    assert isinstance(result.outcome, NeedsPerson)
    assert "样例" in result.outcome.why.zh
    assert result.notes["text"] == "请粘贴这段文字"


def test_a_retraction_says_where(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    held = (Receipt("x", "https://a.example/1", desk.now),)
    job = desk.job(desk.channel(ChannelKind.MANUAL), action=Action.RETRACT, held=held)
    driver = open_driver(job.channel, desk.hands)
    outcome = driver.perform(driver.next_step(job), job).outcome
    assert isinstance(outcome, NeedsPerson)
    assert "https://a.example/1" in outcome.why.zh


def test_only_a_person_knows_and_nothing_can_be_read_back(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    job = desk.job(desk.channel(ChannelKind.MANUAL))
    driver = open_driver(job.channel, desk.hands)
    answer = driver.find(driver.next_step(job), job).answer
    assert isinstance(answer, CannotTell)
    assert not answer.ask_again
    assert driver.read_back(Receipt("x", "", desk.now), job) is None
    driver.close()
