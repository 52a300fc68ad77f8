"""How much is told of one text: beyond that, a finding says how much more there is. Nothing is left out in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from syndicate.errors import Message
from syndicate.model.finding import Severity
from syndicate.model.rule import RuleSpec
from syndicate.monitor.view import Hit

MOST_OF_A_RULE = 200
"""So many places of one rule are told one by one: nobody reads more, and one rule must not bury the others."""


def bounded(hits: Sequence[Hit]) -> Iterator[Hit]:
    """Hits in the order of a text, those of one rule up to the limit; one more stands for the rest of each rule."""
    counts = Counter(hit.rule.id for hit in hits if hit.message is None)
    many = {rule for rule, count in counts.items() if count > MOST_OF_A_RULE}
    if not many:
        yield from hits
        return
    told: Counter[str] = Counter()
    rest: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.message is None and hit.rule.id in many:
            told[hit.rule.id] += 1
            if told[hit.rule.id] > MOST_OF_A_RULE:
                rest.setdefault(hit.rule.id, []).append(hit)
                continue
        yield hit
    for rule, untold_hits in rest.items():
        severities = (hit.severity or hit.rule.severity for hit in untold_hits)
        yield untold(untold_hits[0].rule, untold_hits[0].start, severities, counts[rule])


def untold(rule: RuleSpec, start: int, severities: Iterable[Severity], count: int) -> Hit:
    """The hit that stands for all places of a rule from `start` on: as grave as the gravest of them."""
    gravest = max(severities, key=lambda severity: severity.weight)
    message = Message("monitor.too_many_of_rule", {"rule": rule.id, "limit": MOST_OF_A_RULE, "count": count})
    return Hit(rule, start, start, severity=gravest, message=message)
