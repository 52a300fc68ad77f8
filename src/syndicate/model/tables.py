"""All that the monitor is compiled from."""

from __future__ import annotations

from typing import NamedTuple

from syndicate.model.reference import References
from syndicate.model.rule import LexiconEntry, RuleSpec


class MonitorTables(NamedTuple):
    """Rules, lexicon and what they look things up in: `compile_monitor(*tables)`."""

    rules: tuple[RuleSpec, ...] = ()
    lexicon: tuple[LexiconEntry, ...] = ()
    references: References = References()
