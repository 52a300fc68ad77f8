"""走样: does a channel still hold what it confirmed? Its newest receipts are read back and compared with their proofs."""

from __future__ import annotations

import csv
import logging
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from importlib.resources import files

from syndicate.errors import Message, SyndicateError
from syndicate.flow.jobs import job_for
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Channel
from syndicate.model.delivery import Driver, Proof
from syndicate.records import deliveries, receipts
from syndicate.records import office as office_records
from syndicate.records.office import ProbeRecord
from syndicate.records.values import ReceiptRecord

log = logging.getLogger("syndicate.patrol")

DRIFT, UNREAD = "drift", "unread"
"""Kinds of looks: what was read back, and what could not be."""
OLDER = "未能核验"
"""The detail of a look that was not made because the platform shows only what is newer."""


@cache
def drift_limits() -> dict[str, int]:
    """How many receipts are read back and how often, from `drift_limits.tsv`."""
    text = files("syndicate.flow").joinpath("drift_limits.tsv").read_text("utf-8")
    return {row["key"]: int(row["value"]) for row in csv.DictReader(text.splitlines(), delimiter="\t")}


def drift_target(channel: str, url: str = "") -> str:
    """What a look at a receipt is recorded under: the channel's id, a blank, the address."""
    return f"{channel} {url}"


def drift(workspace: Workspace, channel: Channel) -> Iterator[ProbeRecord]:
    """Read back the newest receipts of a channel, unless that was done a short time ago. Raises nothing for a driver."""
    proved = [receipt for receipt in receipts.standing(channel.id) if receipt.proof_sha256]
    if not proved:
        return
    try:
        driver = workspace.driver(channel.id)
        if _looked_at(workspace, channel, driver):
            return
        shown = drift_limits()["careful_newest" if driver.careful else "newest"]
        newest = proved[: drift_limits()["newest"]]
        for number, receipt in enumerate(newest[:shown]):
            probe = _compared(workspace, channel, driver, receipt)
            yield probe
            if probe.kind == UNREAD and driver.careful:
                shown = number + 1  # it shows only the newest: older ones would cost calls and tell nothing
                break
        for receipt in newest[shown:]:
            yield ProbeRecord(workspace.now(), UNREAD, drift_target(channel.id, receipt.receipt.url), True, 0, 0, OLDER)
    except SyndicateError as error:
        yield _unread(workspace, channel, error.message)
    except Exception as error:  # noqa: BLE001 no mistake of one driver may end the round for the others
        log.error("driver of %s cannot read back: %s", channel.id, type(error).__name__)
        yield _unread(workspace, channel, Message("ledger.driver_error", {"error": type(error).__name__}))


def _looked_at(workspace: Workspace, channel: Channel, driver: Driver) -> bool:
    """Whether the last look is recent enough. Platforms count our calls, and publishing needs them."""
    now = workspace.now()
    pause = timedelta(minutes=drift_limits()["careful_minutes" if driver.careful else "minutes"])
    recent = office_records.probes_between(now - pause, now, DRIFT, UNREAD)
    return any(row.target.startswith(drift_target(channel.id)) for row in recent)


def _compared(workspace: Workspace, channel: Channel, driver: Driver, receipt: ReceiptRecord) -> ProbeRecord:
    now = workspace.now()
    target = drift_target(channel.id, receipt.receipt.url)
    job = job_for(workspace, deliveries.get(receipt.delivery), channel)
    proof = driver.read_back(receipt.receipt, job)
    if proof is None:
        return ProbeRecord(now, UNREAD, target, True, 0, 0, "暂时读不到")
    return ProbeRecord(now, DRIFT, target, proof.sha256 == receipt.proof_sha256, 0, 0, _difference(proof, receipt))


def _difference(proof: Proof, receipt: ReceiptRecord) -> str:
    if proof.sha256 == receipt.proof_sha256:
        return ""
    return "已不在线" if proof.sha256 is None else "与回执不一致"


def _unread(workspace: Workspace, channel: Channel, why: Message) -> ProbeRecord:
    return ProbeRecord(workspace.now(), UNREAD, drift_target(channel.id), False, 0, 0, why.zh)
