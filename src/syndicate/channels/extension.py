"""Drivers of other people's packages: found by their entry point, and what stands in where one cannot be opened."""

from __future__ import annotations

import logging
from importlib.metadata import entry_points
from typing import cast

from syndicate.channels import settings
from syndicate.errors import Message
from syndicate.model.channel import DRIVER_GROUP, Channel
from syndicate.model.delivery import (
    Action,
    CannotTell,
    Driver,
    FindResult,
    Job,
    NeedsPerson,
    Proof,
    Receipt,
    Step,
    StepResult,
)
from syndicate.model.hands import Hands

log = logging.getLogger(__name__)


def open_extension(channel: Channel, hands: Hands) -> Driver:
    """The driver that the channel's `settings.driver` names.

    An entry point is a callable `(channel, hands) -> Driver`. One that is gone or fails must not stop the other
    channels: its deliveries become tasks for a person.
    """
    name = settings.required(channel, "driver")
    for entry in entry_points(group=DRIVER_GROUP, name=name):
        try:
            return cast("Driver", entry.load()(channel, hands))
        except Exception as error:  # noqa: BLE001 foreign code may raise anything
            log.error("driver %s cannot be opened: %s", name, type(error).__name__)
            return ClosedDriver(Message("channels.driver_fails", {"name": name, "error": type(error).__name__}))
    return ClosedDriver(Message("channels.no_driver", {"name": name}))


def status_message(channel: Channel, status: int) -> Message:
    """What an HTTP status says to people, for drivers that have no table of codes."""
    return Message("channels.extension_status", {"channel": channel.title, "status": status})


class ClosedDriver:
    """Stands in for a driver that cannot be opened: nothing is sent, a person is told why."""

    actions = frozenset(Action)
    careful = False

    def __init__(self, why: Message) -> None:
        self._why = why

    def next_step(self, job: Job) -> Step:
        """No step does anything, so each may be repeated."""
        return Step("open", True)

    def perform(self, step: Step, job: Job) -> StepResult:
        """Always a task for a person."""
        return StepResult(NeedsPerson(self._why, nothing_out=True), job.notes)

    def find(self, step: Step, job: Job) -> FindResult:
        """Nobody to ask."""
        return FindResult(CannotTell(self._why), job.notes)

    def read_back(self, receipt: Receipt, job: Job) -> Proof | None:
        """Nobody to ask."""
        return None

    def close(self) -> None:
        """Nothing to give back."""
