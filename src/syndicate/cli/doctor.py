"""`syndicate doctor` and `upgrade`: what is wrong with the office, and the database for a new version."""

from __future__ import annotations

import typer

from syndicate.cli.opening import clock, operator
from syndicate.cli.options import HERE, Home, Json
from syndicate.cli.output import print_json, print_line

_SIGNS = {"good": "✓", "worrying": "!", "broken": "✗", "unknown": "·"}


def register(app: typer.Typer) -> None:
    """Hang these verbs under `syndicate`."""
    for verb in (doctor, upgrade):
        app.command()(verb)


def doctor(home: Home = HERE, as_json: Json = False) -> None:
    """体检：配置、密钥、磁盘、数据库、时钟、渠道、信源、定时任务、投递。Tell what is wrong with the office and what to do.

    退出码 exit：0 正常 good，1 需留意 worrying，2 有故障 broken。只查看，不改动。It only looks.

    例 example: syndicate doctor
    例 example: syndicate doctor --json
    """
    from syndicate.records.connection import close_connections, open_records

    home = home.resolve()
    open_records(home)
    from syndicate.errors import Message
    from syndicate.flow.doctor import Grade, examine

    found = examine(home, clock)
    close_connections()
    if as_json:
        print_json({"parts": found})
    else:
        for one in found:
            part, grade = Message(f"doctor.part_{one.part}"), Message(f"doctor.grade_{one.grade}")
            print_line(f"{_SIGNS[one.grade]} {part.zh} {part.en}：{grade.zh} {grade.en}")
            for complaint in one.complaints:
                told = complaint.message
                print_line(f"    {told.zh}{told.action_zh}\n    {told.en} {told.action_en}")
    grades = {one.grade for one in found}
    if grades != {Grade.GOOD}:
        raise typer.Exit(2 if Grade.BROKEN in grades else 1)


def upgrade(home: Home = HERE, as_json: Json = False) -> None:
    """升级数据库以适合新版本：先复制，再升级，再核对；失败则还原。Bring the database to this version, or leave it as it was.

    先停止投递和审核台。Stop worker and desk first.

    例 example: syndicate upgrade
    """
    from syndicate.records.connection import close_connections, database_refusals, open_records

    home = home.resolve()
    open_records(home)
    from syndicate.flow.upgrade import upgrade as bring_up

    with database_refusals():
        done = bring_up(home, operator("upgrade"), clock)
    close_connections()
    if as_json:
        print_json(done)
    elif done.copy is None:
        print_line("数据库已是最新，无需升级。The database needs no upgrade.")
    else:
        print_line(
            f"已升级 {len(done.steps)} 步并核对无误；升级前的数据库在 {done.copy}。"
            f"\nUpgraded by {len(done.steps)} steps and proved; the database as it was is in {done.copy}."
        )
