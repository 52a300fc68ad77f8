"""`syndicate drill`: a new colleague publishes and withdraws for practice, step by step, on drill platforms only."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate.cli.drill_questions import Questions
from syndicate.cli.opening import clock
from syndicate.cli.options import Json
from syndicate.cli.output import print_json, print_line, print_table
from syndicate.errors import Message, UsageError

if TYPE_CHECKING:
    from syndicate.cli.drill_lesson import Lesson


def register(app: typer.Typer) -> None:
    """Hang this verb under `syndicate`."""
    app.command()(drill)


def drill(
    home: Annotated[
        Path | None,
        typer.Option(help="演练办公室的新目录，结束后保留；默认临时目录，结束后删除。A new folder to keep."),
    ] = None,
    as_json: Json = False,
) -> None:
    """演练：新同事按步骤写稿、审核、发布、撤稿，只连本机演练平台。Practise publishing and withdrawing, step by step.

    每一步按提示输入；直接回车采用建议的答案。--json 全部采用建议，不提问。例 example: syndicate drill
    """
    kept = home is not None
    office = home.resolve() if home else Path(tempfile.mkdtemp(prefix="syndicate-drill-")) / "office"
    if office.exists() and (not office.is_dir() or any(office.iterdir())):
        raise UsageError("cli.demo_folder", path=office)
    try:
        lesson = _hold(office, quiet=as_json)
    finally:
        if not kept:
            shutil.rmtree(office.parent, ignore_errors=True)
    if as_json:
        print_json({"drill": True, "home": office if kept else None, **vars(lesson.result)})
        return
    _summary(lesson, office if kept else None)


def _hold(office: Path, *, quiet: bool) -> Lesson:
    """The whole lesson in a new practice office, whose platforms run as long as it lasts."""
    from syndicate.cli.demo_servers import DemoServers

    with DemoServers(office) as servers:
        from syndicate.records.connection import close_connections, database_refusals, open_records, prepare_schema

        servers.write_office()
        from syndicate.flow.drill import mark_office

        mark_office(office)
        open_records(office)
        prepare_schema()
        from syndicate.cli.drill_lesson import Lesson
        from syndicate.flow.workspace import open_workspace

        with database_refusals():
            workspace = open_workspace(office, clock)
            try:
                lesson = Lesson(workspace, servers, Questions(quiet=quiet))
                lesson.hold()
            finally:
                workspace.close()
                close_connections()
    return lesson


def _summary(lesson: Lesson, kept: Path | None) -> None:
    result = lesson.result
    print_table(
        "【演练】完成情况 what was practised",
        ("步骤", "走弯路", "要点"),
        [
            (Message(f"drill.{name}_title").zh, count, Message(f"drill.{name}_point").zh)
            for name, count in result.steps.items()
        ],
    )
    print_line(f"【演练】{Message('drill.done').zh}")
    if kept:
        print_line(Message("drill.kept", {"home": kept}).zh)
