"""`syndicate audit`: prove and export the audit log."""

from __future__ import annotations

import csv
import json
import sys

import typer

from syndicate.cli.opening import opened
from syndicate.cli.options import HERE, Home, Json
from syndicate.cli.output import print_json, print_line

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What may begin a formula; East Asian settings take the full-width signs too."""

audit_app = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang these verbs under `syndicate`."""
    app.add_typer(audit_app, name="audit", help="审计日志。The audit log.")


@audit_app.command()
def verify(home: Home = HERE, as_json: Json = False) -> None:
    """重算哈希链，证明日志未被改动。Recompute the hash chain.

    例 example: syndicate audit verify
    """
    with opened(home):
        from syndicate.records import audit

        result = audit.verify()
    if as_json:
        print_json(result)
    elif result.broken is None:
        print_line(f"审计日志完整，共 {result.events} 条。The log is whole: {result.events} events.")
    else:
        print_line(
            f"审计日志在第 {result.broken} 条处不符：有人改动或删除过记录。请保留现场，核对备份并报告。\n"
            f"The log breaks at event {result.broken}: something was changed or removed. Keep everything, compare with a backup."
        )
    if result.broken is not None:
        raise typer.Exit(1)


@audit_app.command()
def export(home: Home = HERE) -> None:
    """导出为 CSV（UTF-8，可用表格软件直接打开）。Export as CSV on stdout.

    例 example: syndicate audit export > 审计日志.csv
    """
    with opened(home):
        from syndicate.records import audit

        sys.stdout.write("\ufeff")  # without it spreadsheets here take the text for GBK
        writer = csv.writer(sys.stdout)
        writer.writerow(("序号", "时间", "人员", "途径", "系统用户", "操作", "对象", "内容", "哈希"))
        for event in audit.everything():
            data = json.dumps(event.data, ensure_ascii=False, sort_keys=True)
            row = (
                event.number,
                event.at.isoformat(),
                event.actor,
                event.via,
                event.os_user,
                event.action,
                event.subject,
                data,
                event.hash,
            )
            writer.writerow([_cell(value) for value in row])


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
