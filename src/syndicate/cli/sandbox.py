"""The drill servers: Weibo, WeChat, app backend and LED player on this machine, for practice and tests."""

from __future__ import annotations

import signal
import sys
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from syndicate.cli.opening import clock
from syndicate.cli.options import HERE, Home, Json
from syndicate.cli.output import print_json, print_line, print_table
from syndicate.errors import Message, UsageError

_TITLES = {
    "weibo": "微博 Weibo",
    "wechat": "微信公众号 WeChat",
    "app": "客户端后台 app backend",
    "led": "电子屏 LED",
    "wordpress": "CMS WordPress",
}
_LED_FOLDER = Path("var/led")


def register(app: typer.Typer) -> None:
    """Hang this verb under `syndicate`."""
    app.command()(sandbox)


def sandbox(
    faults: Annotated[Path | None, typer.Option(help="故障计划（YAML 或 JSON）。Fault plan.")] = None,
    port_base: Annotated[
        int, typer.Option(min=0, max=65531, help="五个相邻端口的第一个；0 为任意空闲端口。First of five ports; 0: any.")
    ] = 0,
    led_folder: Annotated[Path | None, typer.Option(help="播放单目录，默认 var/led。Playlist folder.")] = None,
    safe_domain: Annotated[
        list[str] | None, typer.Option(help="微博安全域名，可写多个。Approved domains of the Weibo app.")
    ] = None,
    publish_delay: Annotated[
        float, typer.Option(min=0, max=3600, help="微信发布任务的时长（秒）。Seconds of a WeChat publish job.")
    ] = 2.0,
    journal: Annotated[Path | None, typer.Option(help="流水文件，只追加。Journal of every effect.")] = None,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """启动演练平台，直到 Ctrl-C。Serve the drill platforms until Ctrl-C.

    例 example: syndicate sandbox --faults faults.yaml --port-base 8600
    """
    from syndicate.sandbox.clock import Clock
    from syndicate.sandbox.drill import Sandbox
    from syndicate.sandbox.faults import FaultPlan
    from syndicate.sandbox.plan_file import parse_plan
    from syndicate.sandbox.settings import LedSettings, Settings, WeChatSettings, WeiboSettings

    plan = FaultPlan(parse_plan(_read(faults), str(faults)) if faults else ())
    weibo = WeiboSettings()
    settings = Settings(
        wechat=WeChatSettings(publish_delay=timedelta(seconds=publish_delay)),
        weibo=replace(weibo, safe_domains=tuple(safe_domain)) if safe_domain else weibo,
        led=LedSettings(led_folder if led_folder is not None else home / _LED_FOLDER),
    )
    ended = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with Sandbox(plan, Clock(clock), settings, journal, port_base) as addresses:
        _announce(asdict(addresses), settings.weibo.safe_domains, as_json)
        ended.wait()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise UsageError("sandbox.plan_read", path=str(path), why=problem.strerror) from problem


def _announce(addresses: dict[str, str], safe_domains: tuple[str, ...], as_json: bool) -> None:
    if as_json:
        print_json(addresses)
    else:
        started = Message("sandbox.started")
        print_table(
            "演练平台 sandbox", ("平台", "地址 base_url"), [(_TITLES[name], url) for name, url in addresses.items()]
        )
        print_line(f"微博安全域名 safe domains：{'、'.join(safe_domains)}")
        print_line(f"{started.zh}{started.action_zh}\n{started.en} {started.action_en}")
    sys.stdout.flush()  # whoever started this as a process waits for the addresses
