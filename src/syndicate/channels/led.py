"""LED screen: a folder with the whole playlist, and the player's acknowledgement where it has an address.

Steps: `write` (the whole state, repeatable), then `acknowledge` where the channel has a `base_url`.
Notes: `seq`, `written_at`, `polls`, `ticker_lost` (characters that GBK lacks), `slide` (`no_font` when none was drawn).
"""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from syndicate.channels import settings
from syndicate.channels.calls import CallError, NotDone, Unanswered, exchange, number_text, parse_object, plain_client
from syndicate.channels.codes import outcome_of
from syndicate.channels.drawing import draw_slide, find_font
from syndicate.channels.led_playlist import (
    Entry,
    Screen,
    locked,
    moment,
    read_playlist,
    write_playlist,
    write_slide,
)
from syndicate.channels.pages import text_hash
from syndicate.errors import Message, SyndicateError
from syndicate.model.channel import Channel
from syndicate.model.delivery import (
    Accepted,
    Action,
    CannotTell,
    Delivered,
    FindResult,
    Job,
    NeedsPerson,
    Outcome,
    Proof,
    Receipt,
    Step,
    StepResult,
    TryLater,
)
from syndicate.model.hands import Hands

PLATFORM = "led"
_MOST_ITEMS = 100
_SECONDS = 15
_PIXELS = (960, 480)
_STALE_AFTER = timedelta(hours=24)
_REPLY_KEPT = 2000


class LedDriver:
    """One screen."""

    actions = frozenset(Action)
    careful = False

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def next_step(self, job: Job) -> Step:
        """`write`, then `acknowledge`."""
        return Step("acknowledge" if "seq" in job.notes else "write", True)

    def perform(self, step: Step, job: Job) -> StepResult:
        """Write the folder, or ask the player."""
        try:
            return self._acknowledge(job) if step.name == "acknowledge" else self._write(job)
        except SyndicateError as error:
            reply = error.reply if isinstance(error, CallError) else ""
            return StepResult(outcome_of(error, step, PLATFORM, job.now), job.notes, reply=reply)

    def find(self, step: Step, job: Job) -> FindResult:
        """Never needed: both steps are repeatable."""
        return FindResult(CannotTell(Message("channels.no_look", {"step": step.name}), ask_again=False), job.notes)

    def read_back(self, receipt: Receipt, job: Job) -> Proof | None:
        """Title and text in the playlist that the player reads."""
        try:
            folder = self._folder(job)
            entry = next((e for e in read_playlist(folder).entries if e.id == receipt.remote_id), None)
        except SyndicateError:
            return None
        return Proof(text_hash(entry.title, entry.text) if entry and not entry.is_over(job.now) else None)

    def close(self) -> None:
        """Nothing is kept between calls."""

    def _folder(self, job: Job) -> Path:
        return settings.folder_below(self._hands.home, settings.required(job.channel, "folder"))

    def _write(self, job: Job) -> StepResult:
        folder, now = self._folder(job), job.now
        notes = dict(job.notes)
        with locked(folder, job.channel.ladder.timeout.total_seconds()):
            playlist = read_playlist(folder)
            if job.action is Action.RETRACT:
                changed = playlist.without([str(job.item), *(receipt.remote_id for receipt in job.held)], now)
            else:
                entry = self._with_slide(_entry(job), job)
                changed = playlist.with_entry(entry, now)
                notes["slide"] = entry.image or "no_font"
                most = job.channel.limits.get("items", _MOST_ITEMS)
                if len(changed.entries) > most:
                    return StepResult(NeedsPerson(Message("channels.led_full", {"most": most})), notes)
            if changed.seq == 0:
                # Nothing was ever on this screen, so nothing is to be taken off it.
                return StepResult(Delivered(_receipt(job, 0)), notes)
            lost = write_playlist(folder, changed, now, _screen(job.channel))
        notes |= {"seq": str(changed.seq), "written_at": now.isoformat()}
        if lost:
            notes["ticker_lost"] = lost
        done = not job.channel.base_url
        return StepResult(Delivered(_receipt(job, changed.seq)) if done else Accepted(now), notes)

    def _with_slide(self, entry: Entry, job: Job) -> Entry:
        """The entry with its picture drawn at the screen's pixels; without one where no CJK font is installed."""
        font = find_font()
        if font is None:
            return entry
        width = settings.number(job.channel, "width", _PIXELS[0])
        height = settings.number(job.channel, "height", _PIXELS[1])
        text = entry.text if entry.text != entry.title else ""
        return write_slide(self._folder(job), entry, draw_slide(entry.title, text, width, height, font))

    def _acknowledge(self, job: Job) -> StepResult:
        """GET: does the player hold our state?"""
        wanted = int(job.notes["seq"])
        with closing(plain_client()) as client:
            try:
                request = client.build_request("GET", f"{job.channel.base_url.rstrip('/')}/acknowledgement")
            except httpx.InvalidURL:
                raise NotDone("channels.unreachable", platform=PLATFORM, reason="InvalidURL") from None
            try:
                answer = exchange(client, request, PLATFORM, job.channel.ladder.timeout.total_seconds())
            except NotDone as error:
                return StepResult(TryLater(Message("channels.led_silent", error.message.values)), job.notes)
        reply = answer.body[:_REPLY_KEPT].decode("utf-8", "replace").replace("\0", "")
        data = parse_object(answer.body) or {}
        seen = number_text(data.get("seq"))
        showing = data.get("showing")
        if answer.status != 200 or not seen or not isinstance(showing, list):
            raise Unanswered("channels.strange_reply", platform=PLATFORM, status=answer.status, reply=reply)
        off = job.action is not Action.RETRACT or str(job.item) not in map(str, showing)
        if int(seen) >= wanted and off:
            return StepResult(Delivered(_receipt(job, wanted)), job.notes, reply=reply)
        return StepResult(*_not_yet(job, wanted, seen), reply=reply)


def _screen(channel: Channel) -> Screen:
    stale_after = settings.duration(channel, "stale_after", _STALE_AFTER)
    return Screen(stale_after, settings.display_hours(channel), bool(settings.text(channel, "player")))


def _entry(job: Job) -> Entry:
    fields = job.rendition.fields
    seconds = fields.get("seconds", "")
    return Entry(
        id=str(job.item),
        revision=job.revision,
        title=fields.get("title", ""),
        text=fields.get("text", ""),
        seconds=int(seconds) if seconds.isascii() and seconds.isdigit() else _SECONDS,
        not_before=moment(fields.get("not_before")),
        expires_at=moment(fields.get("expires_at")),
        urgent=fields.get("urgent") == "yes",
    )


def _receipt(job: Job, seq: int) -> Receipt:
    return Receipt(str(job.item), job.channel.base_url, job.now, {"seq": str(seq)})


def _not_yet(job: Job, wanted: int, seen: str) -> tuple[Outcome, dict[str, str]]:
    """Ask again by the poll ladder, until a person must look at the player."""
    polls = int(job.notes.get("polls", "0")) + 1
    notes = {**job.notes, "polls": str(polls)}
    if job.now - datetime.fromisoformat(job.notes["written_at"]) > job.channel.ladder.give_up:
        return NeedsPerson(Message("channels.led_not_shown", {"wanted": wanted, "seen": seen})), notes
    ladder = job.channel.ladder.poll
    return Accepted(job.now + ladder[min(polls, len(ladder)) - 1]), notes
