"""`syndicate notify`: tell people what happened and hand in the letters that are due."""

from __future__ import annotations

import typer

from syndicate.cli.opening import opened
from syndicate.cli.options import HERE, Home, Json
from syndicate.cli.output import print_json, print_line


def register(app: typer.Typer) -> None:
    """Hang this verb under `syndicate`."""
    app.command()(notify)


def notify(home: Home = HERE, as_json: Json = False) -> None:
    """通知有关人员：工作台、邮件、每日汇总、企业微信。Tell people at the desk, by mail, in the daily mail and by WeCom.

    例 example: syndicate notify
    """
    with opened(home) as workspace:
        from syndicate.flow import notices, posting
        from syndicate.records import pulses

        told = notices.collect(workspace)
        run = posting.post(workspace)
        pulses.beat("notify", workspace.now())
    if as_json:
        print_json({"incidents": told, "sent": run.sent, "waiting": run.waiting, "given_up": run.given_up})
    elif told or run.sent or run.waiting or run.given_up:
        print_line(f"新通知 {told} 件；寄出 {run.sent} 封，待重试 {run.waiting} 封，放弃 {run.given_up} 封。")
    raise typer.Exit(1 if run.waiting or run.given_up else 0)
