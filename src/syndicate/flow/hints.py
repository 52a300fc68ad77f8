"""提示: WeChat says that a job has ended. Never believed: the delivery that waits for it asks at once, that is all."""

from __future__ import annotations

from datetime import timedelta

from syndicate.channels.wechat_callback import PUBLISHED, PushedEvent
from syndicate.channels.wechat_polling import with_hint
from syndicate.flow.workspace import Workspace
from syndicate.records import accounts
from syndicate.records.connection import one_transaction
from syndicate.records.quotas import ChannelNotes
from syndicate.records.waking import wake

REMEMBERED = timedelta(days=30)
"""WeChat repeats a push for seconds; its signature is good for an hour."""


def hint(workspace: Workspace, channel: str, event: PushedEvent) -> bool:
    """Make the question due now. False for an event that was heard before, or that nothing waits for."""
    now = workspace.now()
    note, value = ("publish_id", event.publish_id) if event.name in PUBLISHED else ("message_id", event.message_id)
    with one_transaction():
        if not value or not ChannelNotes().add(channel, f"event:{event.key}", event.name, now):
            return False
        ChannelNotes().forget(channel, "event:", now - REMEMBERED)
        hastened = accounts.hasten(channel, note, value, with_hint, now)
    if hastened:
        wake(workspace.home)
    return hastened > 0
