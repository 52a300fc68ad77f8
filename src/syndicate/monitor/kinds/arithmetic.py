"""Kind `arithmetic`: figures that contradict each other, tolerant of rounding.

Parameters: `check` (required): `change` (X，比上年增减 Y，增长/下降 Z%; 由 A 增加到 B; percentage points; growth for a fall),
`completion` (done of planned, part of a total, in percent), `sum` (a total and its parts in a sentence), `table_sum` (合计
rows), `shares` (a∶b∶c and 分别占 that must make 100), `amount` (大写金额 against digits), `same` (one quantity with two
values in one text). `overlapping` (for `sum`; list: words of parts that may hold twice for one thing, such as 党员, 以上;
`的$` holds at the end only), `complementary` (for `sum`; list of words that together leave nothing out: 男 女),
`constant_prices` (for `change`; list: what grows at constant prices) and `leeway` (percentage points allowed there).
What is not sure is a hint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from syndicate.model.finding import Severity
from syndicate.model.rule import RuleSpec
from syndicate.monitor.arithmetic.amounts import amounts
from syndicate.monitor.arithmetic.changes import ConstantPrices, changes
from syndicate.monitor.arithmetic.completion import completion
from syndicate.monitor.arithmetic.contradiction import Contradiction
from syndicate.monitor.arithmetic.same import same
from syndicate.monitor.arithmetic.sums import Labels, shares, sums
from syndicate.monitor.arithmetic.tables import has_total, table_sums
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.view import Check, Hit, View

_CHECKS = ("change", "completion", "sum", "table_sum", "shares", "amount", "same")


_CELL_MARK = re.compile(r"[\t|]")
"""Most texts hold no table; taking them apart for one would cost more than the check."""


@dataclass(frozen=True)
class Arithmetic:
    """One of the checks."""

    rule: RuleSpec
    find: Callable[[View], Iterable[Contradiction]]

    def hits(self, view: View) -> Iterator[Hit]:
        """Every contradiction."""
        for one in self.find(view):
            severity = None if one.sure else Severity.HINT
            yield Hit(self.rule, one.start, one.end, one.suggestion, severity, values={"expected": one.expected})


def compile_check(rule: RuleSpec, parameters: Parameters) -> Check:
    """The check of one rule."""
    check = parameters.choice("check", _CHECKS)
    overlapping = _labels(parameters) if check == "sum" else Labels(_any_of(()))
    names: tuple[str, ...] = parameters.texts("constant_prices") if check == "change" else ()
    leeway = parameters.number("leeway", 0, most=100) if check == "change" else 0
    prices = ConstantPrices(_any_of(names), Decimal(str(leeway)))
    finders: dict[str, Callable[[View], Iterable[Contradiction]]] = {
        "change": lambda view: changes(view.sentences, prices),
        "completion": lambda view: completion(view.sentences),
        "sum": lambda view: sums(view.sentences, overlapping),
        "table_sum": lambda view: table_sums(view.grids) if has_total(view.text) else (),
        "shares": lambda view: shares(view.text, view.sentences),
        "amount": lambda view: amounts(view.text),
        "same": lambda view: same(view.text, view.quantities, view.grids if _CELL_MARK.search(view.text) else ()),
    }
    return Arithmetic(rule, finders[check])


def _labels(parameters: Parameters) -> Labels:
    words = parameters.texts("overlapping")
    patterns = [re.escape(word.removesuffix("$")) + ("$" if word.endswith("$") else "") for word in words]
    sets = tuple(frozenset(line.split()) for line in parameters.texts("complementary"))
    return Labels(re.compile("|".join(patterns) or r"(?!)"), sets)


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that matches any of the words; of none, nothing."""
    return re.compile("|".join(map(re.escape, words)) or r"(?!)")
