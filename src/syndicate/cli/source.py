"""Sources: sync, source list, source add, source test."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate.cli.opening import opened, operator
from syndicate.cli.options import HERE, Home, Json
from syndicate.cli.output import moment, print_json, print_line, print_table
from syndicate.cli.progress import Steps
from syndicate.errors import Message
from syndicate.model.source import SyncResult

if TYPE_CHECKING:
    from syndicate.flow.sync import SourceResult

source_app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="信源名称，见 syndicate source list。The source's name.")]

FINE = (SyncResult.NEW, SyncResult.NOTHING_NEW)


def register(app: typer.Typer) -> None:
    """Hang these verbs under `syndicate`."""
    app.command()(sync)
    app.add_typer(source_app, name="source", help="信源。Sources.")


def sync(
    names: Annotated[list[str] | None, typer.Argument(help="信源名称，默认为到期的全部信源。All that are due.")] = None,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """采集：抓取信源，生成稿件和版本，并核校。Fetch sources, create items and check them.

    例 example: syndicate sync sample-policy
    """
    with opened(home) as workspace:
        from syndicate.flow.sync import sync as look
        from syndicate.net.fetcher import Fetcher

        total = len(names or workspace.snapshot.sources)
        with Steps("采集", total, quiet=as_json) as steps:
            results = look(
                workspace,
                Fetcher(clock=workspace.now),
                names or (),
                lambda one: steps.step(f"{one.source}：{Message(f'word.result_{one.result}').zh}"),
            )
    if as_json:
        print_json(results)
    else:
        _print_results(results)
    if any(one.result not in FINE or one.failed or one.gone for one in results):
        raise typer.Exit(1)


def _print_results(results: Sequence[SourceResult]) -> None:
    rows = [
        (
            one.source,
            Message(f"word.result_{one.result}").zh,
            one.new,
            one.changed,
            one.failed,
            one.why.zh if one.why else "",
        )
        for one in results
    ]
    print_table("采集 sync", ("信源", "结果", "新", "改", "失败", "说明"), rows)
    for one in results:
        if one.alarm:
            print_line(f"告警：信源 {one.source} 出现异常（{Message(f'word.result_{one.result}').zh}）。")
        if one.recovered:
            print_line(f"解除：信源 {one.source} 已恢复正常。")
    dead = sum(one.dead for one in results)
    if dead:
        print_line(f"有 {dead} 篇文章一直读不到，已列入日报的人工事项，以后隔几小时才重试一次。")
    followed, gone = sum(one.followed for one in results), sum(one.gone for one in results)
    if followed:
        print_line(f"复看原文 {followed} 篇，其中 {gone} 篇已被撤下{'，请在日报的人工事项中处理' if gone else ''}。")


@source_app.command("list")
def list_sources(home: Home = HERE, as_json: Json = False) -> None:
    """列出信源及其状况。List sources and how they are.

    例 example: syndicate source list
    """
    with opened(home) as workspace:
        from syndicate.records import sources as records

        rows = [(source, records.health(source.name)) for source in workspace.snapshot.sources.values()]
    if as_json:
        print_json([{"source": source, "health": health} for source, health in rows])
        return
    table = [
        (
            source.name,
            source.title,
            source.column,
            Message(f"word.result_{health.result}").zh if health.result else "尚未采集",
            moment(health.last_new_at),
            moment(health.next_look_at),
            health.message.zh if health.message else "",
        )
        for source, health in rows
    ]
    print_table("信源 sources", ("名称", "标题", "栏目", "结果", "最近新稿", "下次采集", "说明"), table)


@source_app.command("add")
def add(
    url: Annotated[str, typer.Argument(help="列表页、订阅或接口的地址。The address of a list, feed or interface.")],
    name: Annotated[str, typer.Option(help="信源名称，默认由地址得出。Its name; default: from the address.")] = "",
    column: Annotated[str, typer.Option(help="存入的栏目。The column it goes to.")] = "",
    allow: Annotated[
        list[str] | None, typer.Option(help="内网例外 主机:端口。An exception for a private host:port.")
    ] = None,
    save: Annotated[bool, typer.Option("--save", help="写入 content/sources/。Write the file.")] = False,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """看一个页面，拟出跟踪它的信源文件。Look at a page and propose the file that follows it.

    例 example: syndicate source add https://www.city.example/news/ --name city-news --save
    """
    with opened(home) as workspace:
        from syndicate.flow.propose_source import propose_source, save_source
        from syndicate.net.fetcher import Fetcher

        fetcher = Fetcher(clock=workspace.now)
        proposed = propose_source(workspace, fetcher, url, name, column, tuple(allow or ()))
        saved = save_source(workspace, proposed) if save else ""
    if as_json:
        print_json({"proposed": proposed, "saved": saved})
        return
    print_line(proposed.text.rstrip())
    rows = [(row.title, moment(row.published_at), row.url) for row in proposed.rows]
    print_table(f"前 {len(rows)} 行，共 {proposed.count} 行 first rows", ("标题", "日期", "地址"), rows)
    if proposed.elsewhere:
        print_line(f"页面还提到：{'、'.join(proposed.elsewhere)}")
    advice = f"已写入 {saved}；请试读：syndicate source test {proposed.name}" if saved else "核对后加 --save 写入文件。"
    print_line(advice)


@source_app.command("test")
def try_one(name: Name, home: Home = HERE, as_json: Json = False) -> None:
    """试读一个信源，逐步显示，不入库。Read one source step by step; nothing is stored.

    例 example: syndicate source test sample-policy
    """
    with opened(home) as workspace:
        from syndicate.flow.try_source import try_source
        from syndicate.net.fetcher import Fetcher

        trial = try_source(workspace, Fetcher(clock=workspace.now), name)
    if as_json:
        print_json(trial)
    else:
        for stage, text in trial.stages:
            print_line(f"{stage}：{text}")
        print_table(
            "前 5 行 first rows",
            ("标题", "日期", "地址"),
            [(r.title, moment(r.published_at), r.url) for r in trial.rows],
        )
    if trial.error is not None:
        sys.stderr.write(f"{trial.error}\n")
        raise typer.Exit(1)


@source_app.command("require")
def require(
    file: Annotated[
        Path,
        typer.Argument(help="CSV 或 XLSX 清单：标题、时限、网址、稿源。The list.", exists=True, dir_okay=False),
    ],
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """存入应转载清单：上级要求转载的信息和时限。Take in a list of what must be reprinted and until when.

    例 example: syndicate source require 应转载清单.xlsx
    """
    with opened(home) as workspace:
        from syndicate.flow.require import require as take
        from syndicate.flow.upload_limits import upload_limit

        with file.open("rb") as stream:
            data = stream.read(upload_limit("list_bytes") + 1)
        taken = take(workspace, operator("source require"), data, file.name)
    if as_json:
        print_json(taken)
        return
    print_line(f"已存入清单：新增 {taken.added} 条，更改时限 {taken.changed} 条，原已有 {taken.known} 条。")


@source_app.command("duties")
def duties(home: Home = HERE, as_json: Json = False) -> None:
    """列出应转载的信息和剩余时间；有逾期的退出码为 1。List what must be reprinted and the time left.

    例 example: syndicate source duties
    """
    with opened(home) as workspace:
        from syndicate.flow.reprint_duty import duties as list_duties

        found, now = list_duties(workspace), workspace.now()
    if as_json:
        print_json(
            [{"missing": one.missing, "late": one.late, "done_at": one.done_at, **vars(one.fact)} for one in found]
        )
    else:
        rows = [
            (
                one.fact.title,
                one.fact.source_title,
                moment(one.fact.deadline.astimezone(now.tzinfo)),
                f"{(one.fact.deadline - now).total_seconds() / 3600:.1f}" if one.done_at is None else "—",
                moment(one.done_at.astimezone(now.tzinfo) if one.done_at else None),
                "、".join(one.fact.mismatches or ()),
            )
            for one in found
        ]
        print_table("应转载 required reprints", ("标题", "稿源", "时限", "剩余小时", "已转载", "不一致"), rows)
    if any(one.missing for one in found):
        raise typer.Exit(1)
