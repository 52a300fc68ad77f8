"""`syndicate feedback`: what the public sent in, with what is left until the next duty."""

from __future__ import annotations

from typing import Annotated

import typer

from syndicate.cli.opening import opened
from syndicate.cli.options import HERE, Home, Json
from syndicate.cli.output import moment, print_json, print_table
from syndicate.errors import Message
from syndicate.model.feedback import FeedbackState

_MOST = 200


def register(app: typer.Typer) -> None:
    """Hang this verb under `syndicate`."""
    app.command()(feedback)


def feedback(
    state: Annotated[
        FeedbackState | None, typer.Option(help="只列这种状态，不写则列未办结的。Only this state; default: open.")
    ] = None,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """列出公众反馈，先到期的在前；有超时的退出码为 1。List the public's reports, first due first; exit 1 when one is late.

    例 example: syndicate feedback --state received
    """
    with opened(home) as workspace:
        from syndicate.flow.handling_feedback import masked
        from syndicate.records import feedback as records

        rows = records.listed((state,) if state else records.OPEN, _MOST)
        briefs = {one.id: masked(workspace, one.text, 40) for one in rows}
        late = any(one.open and one.answer_due_at <= workspace.now() for one in rows)
    if as_json:
        print_json(rows)
    else:
        table = [
            (
                one.id,
                Message(f"feedback.kind_{one.kind}").zh,
                briefs[one.id],
                one.page or "—",
                Message(f"feedback.state_{one.state}").zh,
                one.assignee or "—",
                moment(one.answer_due_at),
            )
            for one in rows
        ]
        print_table(
            "公众反馈 reports by the public",
            ("编号", "类型", "反映的问题", "网页", "状态", "承办人", "答复期限"),
            table,
        )
    raise typer.Exit(1 if late else 0)
