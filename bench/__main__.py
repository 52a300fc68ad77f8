"""`make bench` runs every benchmark, `make bench NAME=monitor` one. Each prints one JSON object per claim."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path


def main() -> None:
    folder = Path(__file__).parent
    known = sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
    chosen = sys.argv[1:] or known
    unknown = [name for name in chosen if name not in known]
    if unknown:
        sys.exit(
            f"没有这个基准：{'、'.join(unknown)}。可选：{'、'.join(known)}。No such benchmark; there are: {', '.join(known)}"
        )
    for name in chosen:
        import_module(f"bench.{name}").main()


main()
