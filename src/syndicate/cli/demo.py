"""`syndicate demo`: the main job on a fresh practice office, from sample feeds to five channels and a daily report."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate.cli.mistakes import write
from syndicate.cli.opening import clock
from syndicate.cli.options import Json
from syndicate.cli.output import print_json, print_line, print_table
from syndicate.errors import Message, UsageError
from syndicate.model.delivery import Action, DeliveryState

if TYPE_CHECKING:
    from syndicate.cli.demo_story import Story
    from syndicate.records.values import DeliveryRecord


_LOOK_EVERY = 0.5
"""Seconds between looks whether desk and worker still run."""


def register(app: typer.Typer) -> None:
    """Hang this verb under `syndicate`."""
    app.command()(demo)


def demo(
    serve: Annotated[bool, typer.Option("--serve", help="演示后保持网站和工作台运行。Leave desk and site up.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="--serve 时工作台的端口。The desk's port.")] = 8800,
    home: Annotated[
        Path | None, typer.Option(help="演示办公室的新目录，默认新建临时目录。A new folder; default: a temporary one.")
    ] = None,
    as_json: Json = False,
) -> None:
    """演示全流程：采集、核校、审核、五个渠道投递、撤稿、日报。The whole flow on sample feeds, within a minute.

    例 example: syndicate demo --serve
    """
    from syndicate.cli.demo_servers import DemoServers

    office = home.resolve() if home else Path(tempfile.mkdtemp(prefix="syndicate-demo-")) / "office"
    if office.exists() and (not office.is_dir() or any(office.iterdir())):
        # The practice office gets other addresses and secrets; that must never happen to a real one.
        raise UsageError("cli.demo_folder", path=office)
    with DemoServers(office) as servers:
        from syndicate.records.connection import close_connections, database_refusals, open_records, prepare_schema

        servers.write_office()
        open_records(office)
        prepare_schema()
        from syndicate.cli.demo_story import tell_story

        with database_refusals():
            story = tell_story(office, clock, servers, _say_nothing if as_json else _say)
        close_connections()
        if as_json:
            print_json({"home": office, "site": servers.addresses.site, **story.as_json()})
        else:
            _summary(story, office, servers.addresses.site)
        sys.stdout.flush()
        if serve:
            _stay(office, servers.addresses.site, port)


def _say(text: str) -> None:
    """One line per stage."""
    write(f"· {text}")


def _say_nothing(_: str) -> None:
    """With --json the document speaks."""


_MARKS = {
    DeliveryState.DELIVERED: "✓ 已送达",
    DeliveryState.NEEDS_PERSON: "! 需人工",
    DeliveryState.REFUSED: "× 被拒收",
    DeliveryState.CANCELLED: "– 已取消",
}


def _cell(rows: list[DeliveryRecord]) -> str:
    """How one item stands on one channel after its last delivery there."""
    if not rows:
        return "—"
    if rows[-1].action is Action.RETRACT and rows[-1].state is DeliveryState.DELIVERED:
        return "✓ 已撤下"
    return _MARKS.get(rows[-1].state, Message(f"word.delivery_{rows[-1].state}").zh)


def _summary(story: Story, office: Path, site: str) -> None:
    """What went where, what a person must do, and where to look."""
    channels = sorted({row.channel for row in story.deliveries})
    rows = []
    for item, title in story.titles.items():
        mine = [row for row in story.deliveries if row.item == item]
        cells = [_cell([row for row in mine if row.channel == channel]) for channel in channels]
        rows.append((item, title, Message(f"word.item_{story.states[item]}").zh, *cells))
    print_table("稿件去向 what went where（演示样例）", ("编号", "标题", "状态", *channels), rows)
    retracting = {row.id for row in story.deliveries if row.action is Action.RETRACT}
    receipts = [
        (one.item, one.channel, one.receipt.url or one.receipt.remote_id, "已撤下" if one.removed_at else "在线")
        for one in story.receipts
        if one.delivery not in retracting
    ]
    print_table("回执 receipts", ("稿件", "渠道", "地址或编号", "现状"), sorted(receipts))
    print_table("需要人处理 needs a person", ("事项", "下一步"), story.tasks)
    print_line(
        f"投递 {len(story.deliveries)} 件，尝试 {story.attempts} 次（含故障后的重试和回查），回执 {len(story.receipts)} 份；"
        f"审计日志 {story.audit_events} 条，哈希链{'完整' if story.audit_whole else '有问题'}。用时 {story.seconds:.0f} 秒。"
    )
    met = [f"{platform} {kind} ×{count}" for platform, hits in story.faults.items() for kind, count in hits.items()]
    print_line(f"故意制造的故障 faults met on purpose：{'、'.join(met)} 。")
    print_line(f"网站 site     {office / 'var' / 'site' / 'index.html'}   （演示服务运行时：{site}/）")
    print_line(f"日报 report   {story.report}")
    print_line(f"工作台 desk   syndicate desk --home {office}")
    print_line("等待时间是演示用的短间隔，见 content/ladders.yaml。This practice office uses short waiting times.")
    if story.left_out:
        print_line(f"未做 left out：{story.left_out}")


def _stay(office: Path, site: str, port: int) -> None:
    """Keep site, desk and worker running until Ctrl-C or SIGTERM. Raises UsageError when one of them ends by itself."""
    done = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    program = [sys.executable, "-c", "import sys; from syndicate.cli.main import run; sys.exit(run())"]
    verbs = (("desk", "--port", str(port)), ("work", "--forever"))
    # Their words are for people: stdout belongs to the summary alone.
    running = {
        verb[0]: subprocess.Popen([*program, *verb, "--home", str(office)], stdout=sys.stderr)  # noqa: S603 our own verbs
        for verb in verbs
    }
    write(_invitation(site, port))
    try:
        while not done.wait(_LOOK_EVERY):
            for verb, process in running.items():
                if process.poll() is not None:
                    raise UsageError("cli.demo_stopped", verb=f"syndicate {verb}", code=process.returncode)
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            process.wait(timeout=20)


def _invitation(site: str, port: int) -> str:
    from syndicate.cli.demo_story import PASSWORD, PEOPLE

    names = "、".join(f"{actor.name}（{Message(f'word.role_{actor.role}').zh}）" for actor in PEOPLE)
    desk = f"http://127.0.0.1:{port}/" if port else "（地址见下 its address follows）"
    return f"\n工作台 desk {desk} ，网站 site {site}/ 。登录名：{names}；密码均为 {PASSWORD} 。按 Ctrl-C 结束。"
