"""`syndicate desk`: serve the editors' pages."""

from __future__ import annotations

import gc
import os
import signal
import sys
from ipaddress import ip_address
from typing import Annotated

import typer

from syndicate.cli.opening import clock
from syndicate.cli.options import HERE, Home
from syndicate.cli.output import print_line
from syndicate.errors import UsageError


def register(app: typer.Typer) -> None:
    """Hang this verb under `syndicate`."""
    app.command()(desk)


def desk(
    host: Annotated[str, typer.Option(help="监听地址。The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口。The port.", min=0, max=65535)] = 8800,
    https: Annotated[
        bool, typer.Option("--https", help="前面的代理（nginx）以 HTTPS 提供服务。A proxy in front speaks HTTPS.")
    ] = False,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", help="工作台的域名，可重复。Host names the desk answers to.")
    ] = None,
    proxy: Annotated[
        str,
        typer.Option(help="前面代理的 IP 地址，只信它转来的来源地址。The proxy's address, which alone is believed."),
    ] = "127.0.0.1",
    home: Home = HERE,
) -> None:
    """启动编辑工作台。Serve the editors' pages.

    例 example: syndicate desk --https --allow-host desk.example.gov.cn
    """
    host = "127.0.0.1" if host == "localhost" else host
    _check_way(host, proxy, https=https)
    os.environ["SYNDICATE_DESK_HTTPS"] = "1" if https else ""
    os.environ["SYNDICATE_DESK_HOSTS"] = ",".join([*(allow_host or ()), *([] if _is_any(host) else [host])])
    os.environ["DJANGO_SETTINGS_MODULE"] = "syndicate.desk.settings"
    from syndicate.records.connection import open_records

    open_records(home)
    from syndicate.desk.serving import make_server
    from syndicate.flow.living import LivingOffice

    office = LivingOffice(home.resolve(), clock)
    server = make_server(office, host, port, proxy)
    gc.freeze()  # what is loaded stays: looking through it would hold a page up for a tenth of a second
    _say_where(host, server.effective_port)
    # SIGTERM is how services are stopped; the server ends in good order.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        server.run()
    finally:
        office.close()


def _check_way(host: str, proxy: str, *, https: bool) -> None:
    """Raises UsageError for a desk that others could reach without HTTPS, and for a proxy that is no address."""
    if not https and not _is_loopback(host):
        raise UsageError("desk.needs_https", host=host)
    if not _is_address(proxy):
        raise UsageError("desk.proxy", proxy=proxy)


def _say_where(host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    print_line(f"编辑工作台：http://{shown}:{port}/  （Ctrl-C 结束。The desk; Ctrl-C ends it.）")
    sys.stdout.flush()


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_any(host: str) -> bool:
    """`0.0.0.0` and `::` are no names that a browser asks for."""
    return host in ("0.0.0.0", "::", "")  # noqa: S104
