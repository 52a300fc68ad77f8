"""`syndicate silence`: silent periods, on, off, show and except; `syndicate urgent`: what goes first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate.cli.opening import opened, person
from syndicate.cli.options import HERE, As, Home, ItemNumber, Json
from syndicate.cli.output import moment, print_json, print_line, print_table

if TYPE_CHECKING:
    from syndicate.flow.silence import SilencePage
    from syndicate.records.values import SilenceRecord

app = typer.Typer(no_args_is_help=True)

Reason = Annotated[str, typer.Option("--reason", help="理由，记入审计日志。Why; goes into the audit log.")]


def register(parent: typer.Typer) -> None:
    """Hang these verbs under `syndicate`."""
    parent.add_typer(app, name="silence", help="静默期：暂停所有渠道的发布。Silent periods on all channels.")
    parent.command()(urgent)


@app.command()
def on(
    as_user: As,
    reason: Reason,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%dT%H:%M"], help="何时自动结束，不写则由人结束。When it ends by itself."),
    ] = None,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """开启静默期：所有渠道暂停发布和更正，撤稿照常。Hold back everything new on all channels.

    例 example: syndicate silence on --reason 全国哀悼日 --until 2026-12-01T00:00 --as 赵六
    """
    with opened(home) as workspace:
        from syndicate.flow.silence import begin

        at = until.replace(tzinfo=workspace.snapshot.office.timezone) if until else None
        period = begin(workspace, person(as_user), reason, at)
    if as_json:
        print_json(period)
        return
    print_line(f"静默期已开启，{f'到 {moment(period.until)} 自动结束' if period.until else '由人结束'}。")


@app.command()
def off(as_user: As, reason: Reason, home: Home = HERE, as_json: Json = False) -> None:
    """结束静默期，等待的投递自动继续。End it; what waited goes out.

    例 example: syndicate silence off --reason 哀悼日结束 --as 赵六
    """
    with opened(home) as workspace:
        from syndicate.flow.silence import end

        period = end(workspace, person(as_user), reason)
    if as_json:
        print_json({"ended": period.id})
        return
    print_line("静默期已结束。")


@app.command()
def show(home: Home = HERE, as_json: Json = False) -> None:
    """查看现在是否静默、谁因何开启、哪些稿件例外。Whether it is silent now, who began it and why.

    例 example: syndicate silence show
    """
    with opened(home) as workspace:
        from syndicate.flow.silence import silence_page

        page = silence_page(workspace)
    if as_json:
        print_json({"in_force": page.in_force, "waiting": page.waiting, "periods": page.periods})
        return
    _tell(page)


@app.command("except")
def let_out(number: ItemNumber, as_user: As, reason: Reason, home: Home = HERE, as_json: Json = False) -> None:
    """静默期内放行一篇稿件。Let one item out in spite of the silent period.

    例 example: syndicate silence except 12 --reason 地震应急信息 --as 赵六
    """
    with opened(home) as workspace:
        from syndicate.flow.silence import except_item

        period = except_item(workspace, person(as_user), number, reason)
    if as_json:
        print_json({"item": number, "silence": period.id})
        return
    print_line(f"稿件 {number} 不受本次静默期限制。")


def urgent(
    number: ItemNumber,
    as_user: As,
    reason: Reason,
    off: Annotated[bool, typer.Option("--off", help="取消紧急。No longer urgent.")] = False,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """把稿件标为紧急：优先投递，不受渠道时段限制。It goes first and does not wait for a channel's hours.

    例 example: syndicate urgent 12 --reason 暴雨红色预警 --as 赵六
    """
    with opened(home) as workspace:
        from syndicate.flow.silence import set_urgent

        item = set_urgent(workspace, person(as_user), number, not off, reason)
    if as_json:
        print_json({"item": item.id, "urgent": item.urgent})
        return
    print_line(f"稿件 {number} {'已标为紧急' if item.urgent else '已取消紧急'}。")


def _tell(page: SilencePage) -> None:
    if page.in_force:
        ends = f"到 {moment(page.in_force.until)} 自动结束" if page.in_force.until else "由人结束"
        print_line(
            f"现在是静默期（{page.in_force.actor}：{page.in_force.reason}），{ends}；等待的投递 {page.waiting} 件。"
        )
    else:
        print_line("现在不在静默期。")
    rows = [
        (
            one.id,
            moment(one.started_at),
            _ended(one),
            one.actor,
            one.reason,
            "；".join(f"稿件 {e.item}（{e.actor}：{e.reason}）" for e in out),
        )
        for one, out in page.periods
    ]
    print_table("静默期 silent periods", ("编号", "开始", "结束", "开启人", "原因", "例外"), rows)


def _ended(period: SilenceRecord) -> str:
    if period.ended_at:
        return f"{moment(period.ended_at)}（{period.ended_by}）"
    return moment(period.until) if period.until else ""
