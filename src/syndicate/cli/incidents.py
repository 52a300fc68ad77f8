"""`syndicate incidents`: what goes on, and until when it must be mended."""

from __future__ import annotations

import typer

from syndicate.cli.opening import opened
from syndicate.cli.options import HERE, Home, Json
from syndicate.cli.output import moment, print_json, print_table


def register(app: typer.Typer) -> None:
    """Hang this verb under `syndicate`."""
    app.command()(incidents)


def incidents(home: Home = HERE, as_json: Json = False) -> None:
    """列出未解除的故障和整改时限；有的话退出码为 1。List the incidents that go on and their deadlines.

    例 example: syndicate incidents
    """
    with opened(home) as workspace:
        from syndicate.records.incidents import open_ones

        found, zone = open_ones(), workspace.snapshot.office.timezone
        titles = {one.id: one.title for one in workspace.snapshot.alarms.alarms}
    if as_json:
        print_json(found)
    else:
        rows = [
            (
                one.id,
                titles.get(one.alarm, one.alarm),
                one.message.zh,
                moment(one.opened_at.astimezone(zone) if one.opened_at else None),
                moment(one.deadline.astimezone(zone) if one.deadline else None),
                one.message.action_zh,
            )
            for one in found
        ]
        print_table("故障 incidents", ("编号", "故障", "情况", "开始", "整改时限", "办理"), rows)
    raise typer.Exit(1 if found else 0)
