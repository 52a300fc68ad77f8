"""撤下核实: is what was taken down really gone? Retractions that nobody has seen to be true are looked at again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from syndicate.errors import SyndicateError
from syndicate.flow.drift import drift_limits, drift_target
from syndicate.flow.jobs import job_for
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Channel
from syndicate.model.delivery import Driver
from syndicate.records import deliveries, receipts
from syndicate.records import office as office_records
from syndicate.records.connection import one_transaction
from syndicate.records.office import ProbeRecord
from syndicate.records.values import ReceiptRecord

log = logging.getLogger("syndicate.patrol")

STILL_THERE = "withdrawn"
"""The kind of these looks."""
_FOR = timedelta(days=7)
"""Afterwards a channel that cannot be read is left to the people who withdrew."""
_LATELY = timedelta(days=1)
"""How old a look may be that still says something."""


def still_there(workspace: Workspace, channel: Channel) -> Iterator[ProbeRecord]:
    """Read back what was taken down from a channel and not yet seen to be gone; what is still visible is a problem."""
    now = workspace.now()
    open_ones = receipts.unproved_withdrawals(channel.id, now - _FOR)[: drift_limits()["newest"]]
    if not open_ones:
        return
    try:
        driver = workspace.driver(channel.id)
        pause = timedelta(minutes=drift_limits()["careful_minutes"]) if driver.careful else timedelta(0)
        seen = {row.target for row in office_records.probes_between(now - pause, now, STILL_THERE)}
        due = [one for one in open_ones if drift_target(channel.id, one[1].receipt.url) not in seen]
        for row, receipt in due[: drift_limits()["careful_gone"]] if driver.careful else due:
            yield from _looked(workspace, channel, driver, row, receipt)
    except SyndicateError as error:
        log.warning("%s: %s", channel.id, error.message.zh)
    except Exception as error:  # noqa: BLE001 no mistake of one driver may end the round for the others
        log.error("driver of %s cannot read back: %s", channel.id, type(error).__name__)


def still_visible(now: datetime) -> tuple[ProbeRecord, ...]:
    """What was visible still when it was looked at within a day: for each address the look that first found it so."""
    first: dict[str, ProbeRecord] = {}
    last: dict[str, ProbeRecord] = {}
    for row in office_records.probes_between(now - _FOR, now, STILL_THERE):
        last[row.target] = row
        if row.ok:
            first.pop(row.target, None)
        else:
            first.setdefault(row.target, row)
    return tuple(row for target, row in first.items() if last[target].at >= now - _LATELY)


def _looked(
    workspace: Workspace, channel: Channel, driver: Driver, row: int, receipt: ReceiptRecord
) -> Iterator[ProbeRecord]:
    job = job_for(workspace, deliveries.get(receipt.delivery), channel)
    proof = driver.read_back(receipt.receipt, job)
    if proof is None:
        return  # cannot be read: that says nothing
    now = workspace.now()
    gone = proof.sha256 is None
    if gone:
        with one_transaction():
            receipts.set_proofs({row: receipts.GONE}, now)
    target = drift_target(channel.id, receipt.receipt.url)
    yield ProbeRecord(now, STILL_THERE, target, gone, 0, 0, "" if gone else "已撤回的内容公众仍能看到")
