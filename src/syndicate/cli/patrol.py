"""Patrol: what is really online."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate.cli.opening import opened
from syndicate.cli.options import HERE, Home, Json
from syndicate.cli.output import print_json, print_line, print_table

if TYPE_CHECKING:
    from syndicate.flow.patrol import Progress, Round


def register(app: typer.Typer) -> None:
    """Hang this verb under `syndicate`."""
    app.command()(patrol)


def patrol(
    whole: Annotated[
        bool,
        typer.Option(
            "--whole",
            help="看完整个网站和全部外链，不只本次的一份。The whole site and every link, not this round's share.",
        ),
    ] = False,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """巡检：网站能否打开、网页和链接、文件、各渠道是否与回执一致。Probe what is really online.

    每次看一份，一周看完全站；中断后再次运行即接着看。A share of the site at a time, the whole within a week.

    例 example: syndicate patrol
    例 example: syndicate patrol --whole
    """
    with opened(home) as workspace:
        from syndicate.flow.patrol import patrol as go_round
        from syndicate.flow.public_site import patrol_fetcher

        with _progress(quiet=as_json) as progress:
            result = go_round(workspace, patrol_fetcher(workspace), whole=whole, progress=progress)
    if as_json:
        print_json(
            {
                "probes": result.probes,
                "problems": result.problems,
                "crawl": result.crawl,
                "site_problems": result.site_problems,
            }
        )
    else:
        _tell(result)
    if result.needs_attention:
        raise typer.Exit(1)


def _tell(result: Round) -> None:
    print_line(f"查看 {len(result.probes)} 处，发现 {len(result.problems)} 个问题。")
    if result.crawl is not None:
        walked = result.crawl
        more = f"，还有 {walked.waiting} 页没有看过" if walked.waiting else ""
        print_line(
            f"全站检查：本次看了 {walked.looked_at} 页，共 {walked.pages} 页{more}；外链已查 {walked.links} 条。"
        )
    print_table("问题 problems", ("种类", "对象", "说明"), [(p.kind, p.target, p.detail) for p in result.problems])
    rows = [(one.kind, one.page, one.url, one.detail.partition("\n")[0]) for one in result.site_problems]
    print_table("网站上的问题 site", ("种类", "网页", "链接", "说明"), rows)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Progress]:
    """A bar on a terminal, nothing elsewhere: cron runs this every five minutes."""
    if quiet or not sys.stderr.isatty():
        yield lambda _what, _done, _left: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bars

    names = {"pages": "网页 pages", "links": "外链 links"}
    with Bars(console=Console(stderr=True), transient=True) as bars:
        tasks = {what: bars.add_task(name, total=None, visible=False) for what, name in names.items()}
        yield lambda what, done, left: bars.update(tasks[what], completed=done, total=done + left, visible=True)
