"""The former website: site import."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate.cli.delivery import site_app, tell_targets
from syndicate.cli.opening import opened, operator, person
from syndicate.cli.options import HERE, Home, Json
from syndicate.cli.output import moment, print_json, print_line, print_table
from syndicate.cli.progress import Steps
from syndicate.errors import UsageError

if TYPE_CHECKING:
    from syndicate.flow.importing import Imported
    from syndicate.flow.old_site import Left, OldSite
    from syndicate.flow.workspace import Workspace
    from syndicate.net.fetcher import Fetcher

_SHOWN = 30
"""Lines of a list that are printed; --json has them all."""

Old = Annotated[
    str, typer.Argument(help="旧网站首页网址，或 WordPress 导出的 .xml 文件。The former site, or a WordPress export.")
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column", help="旧列表网址=栏目名；WordPress 为 分类=栏目名。Old list or category=column; again for more."
    ),
]
Mapped = Annotated[
    Path | None,
    typer.Option("--mapping", help="对应文件（YAML），可写明选择器和翻页。A file that says more about each list."),
]
Allow = Annotated[list[str] | None, typer.Option(help="内网例外 主机:端口。An exception for a private host:port.")]
Gap = Annotated[float, typer.Option(min=0, max=60, help="两次请求之间的秒数。Seconds between two requests to a host.")]
Look = Annotated[bool, typer.Option("--dry-run", help="只看会导入什么，不写入。Show what would come; store nothing.")]
Who = Annotated[
    str, typer.Option("--as", help="由哪位发布人负责；需其个人令牌。The publisher who answers for it, with his token.")
]


def register(_app: typer.Typer) -> None:
    """Reading this module has hung its verb under `syndicate site`, once for all command lines of the process."""


@site_app.command("import")
def import_site(
    old: Old,
    column: Columns = None,
    mapping: Mapped = None,
    allow: Allow = None,
    gap: Gap = 2,
    dry_run: Look = False,
    as_user: Who = "",
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """导入旧网站：按原日期、原网址成为已发布稿件，可中断、可重复。Import the former website, with its dates and addresses.

    例 example: syndicate site import https://old.example/ --column /news/=news --dry-run
    """
    with opened(home) as workspace:
        if not dry_run and not as_user:
            raise UsageError("import.no_person")
        actor = operator("import") if dry_run else person(as_user)
        from syndicate.flow.importing import import_site as take_in
        from syndicate.flow.importing import preview
        from syndicate.net.fetcher import Fetcher

        fetcher = Fetcher(clock=workspace.now, gap=timedelta(seconds=gap))
        site = _looked_at(workspace, fetcher, old, (tuple(column or ()), mapping), tuple(allow or ()))
        if dry_run:
            done = preview(workspace, actor, fetcher, site)
        else:
            with Steps("导入", site.total, quiet=as_json) as steps:
                done = take_in(workspace, actor, fetcher, site, steps.step)
    if as_json:
        print_json(done)
    else:
        _print(done)
    if done.needs_attention:
        raise typer.Exit(1)


def _looked_at(
    workspace: Workspace,
    fetcher: Fetcher,
    old: str,
    named: tuple[tuple[str, ...], Path | None],
    allow: tuple[str, ...],
) -> OldSite:
    """What there is: an address is crawled, anything else is an export."""
    from syndicate.config.old_columns import read_old_columns
    from syndicate.flow.old_site import crawl, named_columns, open_export

    (pairs, mapping), columns = named, workspace.snapshot.columns
    wanted = (
        *named_columns(pairs, columns),
        *(read_old_columns(mapping, workspace.home, columns) if mapping else ()),
    )
    if not wanted:
        raise UsageError("import.nothing_named")
    if old.lower().startswith(("http://", "https://")):
        return crawl(workspace, fetcher, old, wanted, allow)
    return open_export(workspace, Path(old), wanted, allow)


def _print(done: Imported) -> None:
    rows = [
        (
            section.old,
            section.column,
            section.count,
            "\n".join(f"{moment(row.published_at)} {row.title}" for row in section.first),
            f"{section.why.zh} {section.why.action_zh}" if section.why else "",
        )
        for section in done.sections
    ]
    print_table("旧栏目 sections", ("旧列表或分类", "栏目", "篇数", "最前几篇", "未能读全的原因"), rows)
    verb = "将导入" if done.dry_run else "已导入"
    print_line(
        f"共 {done.found} 篇：{verb} {done.imported} 篇，早已导入或重复 {done.already} 篇，"
        f"失败 {len(done.failed)} 篇，未导入 {len(done.skipped)} 篇，存疑 {len(done.doubtful)} 处。"
    )
    print_line(f"旧网址：保留 {done.stay} 个，由 nginx 跳转 {done.led_on} 个，无法保留 {len(done.lost)} 个。")
    for title, lines in (
        ("失败 failed", done.failed),
        ("未导入 skipped", done.skipped),
        ("存疑 doubtful", done.doubtful),
        ("网址无法保留 lost addresses", done.lost),
    ):
        _print_left(title, lines)
    if done.blocking:
        numbers = "、".join(str(item) for item in done.blocking[:_SHOWN])
        print_line(f"{len(done.blocking)} 篇有必须处理的问题（稿件 {numbers}），请逐篇查看：syndicate show 编号")
    tell_targets(done.targets)
    if done.stopped:
        print_line(f"{done.stopped.zh} {done.stopped.action_zh}")


def _print_left(title: str, lines: list[Left]) -> None:
    if not lines:
        return
    rows = [(one.title, one.url, f"{one.why.zh} {one.why.action_zh}") for one in lines[:_SHOWN]]
    print_table(title, ("标题", "旧网址", "原因与下一步"), rows)
    if len(lines) > _SHOWN:
        print_line(f"另有 {len(lines) - _SHOWN} 条，加 --json 查看全部。")
