"""Throws random inputs at the shipped monitor and counts what fails: `python tools/fuzz_monitor.py 100000`.

Inputs are pieces that rules look for, cut, doubled and mixed with noise, as text or HTML, with and without a date. The
short form of this runs with every test (tests/monitor/test_monitor.py).
"""

from __future__ import annotations

import random
import sys
from datetime import date
from pathlib import Path

from syndicate.config.load import load_monitor
from syndicate.monitor.compile import compile_monitor

PIECES = [
    "2024年",
    "2月30日",
    "（周五）",
    "至",
    "13800000000",
    "11010519491231002X",
    "[2019]7号",
    "国办发",
    "布署",
    "布<b>署</b>",
    "&amp;",
    "<p>",
    "</td><td>",
    "<tr><td>",
    "</table>",
    "\u200b",
    "�",
    "𠀀",
    "顯",
    "合计",
    "\t",
    "\n",
    "\n\n",
    "\u3000",
    "1,234.5万元",
    "比上年增加",
    "增长5%",
    "其中",
    "由12人增加到",
    "壹拾贰万元整（¥",
    "∶",
    "8.1:40.2:51.7",
    "湖北省",
    "十堰市",
    "浠水县",
    "《",
    "》",
    "中华人民共和国合同法",
    "“",
    "”",
    "（",
    "）",
    "一、",
    "（一）",
    "1.",
    "（三）、",
    "国家医疗保险局",
    "健设",
    "张示例",
    "县长",
    "、",
    "。",
    "，",
    "-",
    "—",
    "http://a.example/",
    "x@",
    "%",
    "0",
    "零",
    "元",
    "角",
    "甲方",
    "帐户",
    "账户",
    "姓名",
    "低保",
    "的的",
    "研究研究",
    "\r\n",
    "<!--",
    "-->",
    "<script>",
    "&#19968;",
    "¥",
    ".5",
    "5.",
    "０１２",
]


def main() -> None:
    """Checks as many inputs as the first argument says, with a seed that is printed."""
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    chosen = random.Random(seed)  # noqa: S311 no secret depends on it
    monitor = compile_monitor(*load_monitor(Path(__file__).parent.parent))
    failed = 0
    for number in range(count):
        pieces = [_piece(chosen) for _ in range(chosen.randrange(1, 30))]
        source = "".join(pieces)
        day = date(2024, 6, 3) if chosen.random() < 0.8 else None
        try:
            for finding in monitor.check(source, markup=chosen.random() < 0.5, day=day):
                assert 0 <= finding.start <= finding.end <= len(source), "a finding lies in its text"
        except Exception as error:  # noqa: BLE001 every failure is to be counted
            failed += 1
            print(number, type(error).__name__, error, ascii(source))  # noqa: T201
    print(f"{count} inputs, {failed} failures, seed {seed}")  # noqa: T201
    raise SystemExit(bool(failed))


def _piece(chosen: random.Random) -> str:
    piece = chosen.choice(PIECES)
    kind = chosen.random()
    if kind < 0.1:
        return piece * chosen.randrange(2, 6)
    if kind < 0.2:
        return piece[: chosen.randrange(len(piece) + 1)]
    if kind < 0.3:
        return chr(chosen.choice((chosen.randrange(0x20, 0x3000), chosen.randrange(0x4E00, 0x9FFF))))
    return piece


if __name__ == "__main__":
    main()
