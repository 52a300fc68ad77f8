"""Channels without an interface: every action becomes a task for a person at once, with the text ready to paste."""

from __future__ import annotations

from syndicate.errors import Message
from syndicate.model.delivery import (
    Action,
    CannotTell,
    FindResult,
    Job,
    NeedsPerson,
    Proof,
    Receipt,
    Step,
    StepResult,
)


class ManualDriver:
    """One account that a person serves."""

    actions = frozenset(Action)
    careful = False

    def next_step(self, job: Job) -> Step:
        """The only step; making the task again changes nothing."""
        return Step("hand_over", True)

    def perform(self, step: Step, job: Job) -> StepResult:
        """The task: what to do is the outcome, what to paste are the notes `title`, `text` and `link`."""
        fields = job.rendition.fields
        notes = {**job.notes, **{key: fields[key] for key in ("title", "text", "link") if fields.get(key)}}
        values = {"channel": job.channel.title, "title": fields.get("title", "")}
        if job.action is Action.RETRACT:
            values["where"] = "；".join(receipt.url or receipt.remote_id for receipt in job.held)
        return StepResult(NeedsPerson(Message(f"channels.manual_{job.action.value}", values)), notes)

    def find(self, step: Step, job: Job) -> FindResult:
        """Nothing to ask: a person knows."""
        return FindResult(CannotTell(Message("channels.no_look", {"step": step.name}), ask_again=False), job.notes)

    def read_back(self, receipt: Receipt, job: Job) -> Proof | None:
        """Such a channel cannot be read."""
        return None

    def close(self) -> None:
        """Nothing to give back."""
