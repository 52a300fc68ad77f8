"""Deliveries and website: work, deliveries, retry, resolve, site."""

from __future__ import annotations

import signal
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate.cli.opening import clock, opened, person
from syndicate.cli.options import HERE, As, DeliveryNumber, Home, Json, Limit
from syndicate.cli.output import moment, print_json, print_line, print_table
from syndicate.errors import Message, UsageError
from syndicate.model.delivery import DeliveryState

if TYPE_CHECKING:
    from syndicate.flow.targets import TargetState

_STOPPED = (DeliveryState.NEEDS_PERSON, DeliveryState.REFUSED)
_UNDER_WAY = (
    DeliveryState.WAITING,
    DeliveryState.DUE,
    DeliveryState.SENDING,
    DeliveryState.ACCEPTED,
    DeliveryState.UNSURE,
)

site_app = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang these verbs under `syndicate`."""
    for verb in (work, deliveries, retry, resolve):
        app.command()(verb)
    app.add_typer(site_app, name="site", help="网站。The website.")


def work(
    drain: Annotated[bool, typer.Option("--drain", help="办完当前到期的就结束。End when nothing is due now.")] = False,
    forever: Annotated[bool, typer.Option("--forever", help="一直运行，直到被停止。Run until stopped.")] = False,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """执行到期的投递。Run due deliveries.

    例 example: syndicate work --drain
    """
    if drain == forever:
        raise UsageError("ledger.drain_or_forever")
    with opened(home, sends=True) as workspace:
        from syndicate.engine.embedded import Runner
        from syndicate.flow.living import LivingOffice
        from syndicate.records import deliveries as rows

        living = LivingOffice(workspace.home, clock, sends=True, first=workspace) if forever else None
        runner = Runner(workspace, renewed=living)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: runner.stop())
        steps = runner.drain() if drain else runner.run_forever()
        standing = {"needs_person": rows.count(_STOPPED), "under_way": rows.count(_UNDER_WAY)}
        next_due = rows.next_due(workspace.now())
    if as_json:
        print_json({"steps": steps, **standing, "next_due": next_due})
    else:
        print_line(_work_done(steps, standing["under_way"], standing["needs_person"], next_due))
    if standing["needs_person"] and drain:
        raise typer.Exit(1)


def _work_done(steps: int, under_way: int, stopped: int, next_due: datetime | None) -> str:
    """What a worker leaves behind, and where to look."""
    told = f"完成 {steps} 步；"
    if under_way:
        again = f"，下一次处理在 {moment(next_due)}" if next_due else ""
        told += f"还在进行的投递 {under_way} 件{again}；"
    told += f"需人工处理的投递 {stopped} 件。"
    if under_way or stopped:
        told += "查看：syndicate deliveries" + (" --state needs_person --state refused" if stopped else "")
    return told


def deliveries(
    state: Annotated[list[DeliveryState] | None, typer.Option(help="只看这些状态。Only these states.")] = None,
    limit: Limit = 200,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """投递台账。The ledger.

    例 example: syndicate deliveries --state needs_person
    """
    with opened(home):
        from syndicate.flow.matrix import deadline_of
        from syndicate.records import deliveries as ledger

        rows = [(row, deadline_of(row)) for row in ledger.listed(tuple(state or ()), limit)]
    if as_json:
        print_json([{**vars(row), "deadline": deadline} for row, deadline in rows])
        return
    table = [
        (
            row.id,
            row.item,
            row.channel,
            Message(f"word.action_{row.action}").zh,
            Message(f"word.delivery_{row.state}").zh,
            row.attempts_made,
            f"限 {moment(deadline)} 前" if deadline else moment(row.finished_at or row.due_at),
            f"{row.message.zh} {row.message.action_zh}" if row.message else "",
        )
        for row, deadline in rows
    ]
    print_table(
        "投递 deliveries", ("编号", "稿件", "渠道", "操作", "状态", "尝试", "到期、限期或办结", "说明与下一步"), table
    )


def retry(delivery: DeliveryNumber, as_user: As, home: Home = HERE, as_json: Json = False) -> None:
    """重试一件停下的投递，或让等待重试的立即重试。Try a stopped delivery again, or a waiting one at once.

    例 example: syndicate retry 31 --as 赵六
    """
    with opened(home) as workspace:
        from syndicate.flow.resolve import retry as try_again

        changed = try_again(workspace, person(as_user), delivery)
    _tell(delivery, changed.state, as_json)


def resolve(
    delivery: DeliveryNumber,
    as_user: As,
    delivered: Annotated[str, typer.Option("--delivered", help="已在渠道上的网址。It stands at this address.")] = "",
    absent: Annotated[bool, typer.Option("--absent", help="确认不在渠道上，可以重发。It is not there.")] = False,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """登记人工查看的结果。Record what a person saw.

    例 example: syndicate resolve 31 --delivered https://weibo.com/1/abc --as 赵六
    """
    if bool(delivered) == absent:
        raise UsageError("ledger.one_answer")
    with opened(home) as workspace:
        from syndicate.flow.resolve import resolve_absent, resolve_delivered

        actor = person(as_user)
        changed = (
            resolve_absent(workspace, actor, delivery)
            if absent
            else resolve_delivered(workspace, actor, delivery, delivered)
        )
    _tell(delivery, changed.state, as_json)


def _tell(delivery: int, state: DeliveryState, as_json: bool) -> None:
    if as_json:
        print_json({"delivery": delivery, "state": state})
        return
    print_line(f"投递 {delivery}：{Message(f'word.delivery_{state}').zh}。")


@site_app.command("verify")
def verify_site(
    targets: Annotated[
        bool, typer.Option("--targets", help="同时比对各发布目标上的文件。Compare the files of every target too.")
    ] = False,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """比对网站文件与清单。Compare the disk with the manifest.

    例 example: syndicate site verify --targets
    """
    with opened(home) as workspace:
        from syndicate.flow.targets import compare_targets
        from syndicate.flow.website import verify_site as compare

        found = compare(workspace)
        states = compare_targets(workspace) if targets else ()
    if as_json:
        print_json({**vars(found), "targets": states} if targets else found)
    else:
        rows = [(path, what) for what, paths in _kinds(found.missing, found.changed, found.foreign) for path in paths]
        print_table("不一致 differences", ("文件", "情况"), rows)
        tell_targets(states)
    if not (found.whole and all(one.whole for one in states)):
        raise typer.Exit(1)


def tell_targets(states: tuple[TargetState, ...]) -> None:
    """What each target lacks, or why nobody knows."""
    for state in states:
        if state.problem:
            print_line(f"{state.name}：{state.problem.zh}{state.problem.action_zh}")
        elif state.differences is None:
            print_line(f"{state.name}：已同步。")
        else:
            found = state.differences
            kinds = _kinds(found.missing, found.changed, found.foreign)
            rows = [(path, what) for what, paths in kinds for path in paths]
            print_table(f"{state.name} 不一致 differences", ("文件", "情况"), rows)
            if found.missing or found.changed:
                print_line("请运行 syndicate site build 重新传送。Run syndicate site build to send them again.")


def _kinds(
    missing: tuple[str, ...], changed: tuple[str, ...], foreign: tuple[str, ...]
) -> list[tuple[str, tuple[str, ...]]]:
    return [("缺失", missing), ("被改动", changed), ("不是本系统所写", foreign)]


@site_app.command("build")
def build_site(home: Home = HERE, as_json: Json = False) -> None:
    """重建整个网站，并同步到各发布目标。Rebuild the whole website from the records and bring every target up to date.

    例 example: syndicate site build
    """
    with opened(home) as workspace:
        from syndicate.flow.targets import mirror_site
        from syndicate.flow.website import build_site as build

        folder: Path = build(workspace)
        states = mirror_site(workspace)
    if as_json:
        print_json({"folder": folder, "targets": states})
    else:
        print_line(f"网站已重建：{folder}")
        tell_targets(states)
    if not all(one.whole for one in states):
        raise typer.Exit(1)
