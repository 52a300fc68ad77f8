"""The compiled monitor: one text in, findings out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from operator import attrgetter

from syndicate.errors import Message
from syndicate.model.finding import Finding, Severity
from syndicate.model.reference import LinkFact, References
from syndicate.model.rule import LexiconEntry, RuleSpec
from syndicate.monitor.bounds import MOST_OF_A_RULE, bounded
from syndicate.monitor.kinds.link import Link
from syndicate.monitor.scan import Scan
from syndicate.monitor.slots import fill
from syndicate.monitor.telling import Telling
from syndicate.monitor.view import Check, Hit, Literal, View
from syndicate.text.plain import from_html, from_text

MOST_FINDINGS = 2_000
"""More findings than this in one text are not told one by one; a last finding says how many there were."""
_PLACE = attrgetter("start", "end")
Step = tuple[Check, frozenset[str]]


@dataclass(frozen=True)
class Monitor:
    """Compiled rules and lexicon. May be used from several threads."""

    rules: tuple[RuleSpec, ...]
    lexicon: tuple[LexiconEntry, ...]
    checks: tuple[Check, ...]
    references: References = field(default_factory=References)
    scan: Scan = field(default_factory=lambda: Scan(()))

    @cached_property
    def _steps(self) -> tuple[Step, ...]:
        return steps(self.checks)

    @cached_property
    def _dated(self) -> tuple[RuleSpec, ...]:
        return tuple(rule for rule in self.rules if rule.valid_from or rule.valid_to)

    @cached_property
    def hash(self) -> str:
        """SHA-256 over every rule and lexicon row, wherever they stand: findings name it."""
        from syndicate.model.hashing import digest  # loads a large library, which checking a file does not need

        known = self.references.vocabulary
        words = [known.table, *sorted(known.words), *known.idioms, *known.names]
        tables = [repr(self.references.divisions), repr(self.references.people), repr(self.references.laws), *words]
        facts = {"rules": sorted(map(_rule_facts, self.rules)), "lexicon": sorted(map(_row_facts, self.lexicon))}
        return digest({**facts, "tables": tables})

    def check(self, source: str, *, markup: bool, day: date | None, part: str = "body") -> tuple[Finding, ...]:
        """All findings in `source` (HTML when `markup`), by place, each once. Offsets count code points of `source`.

        `day` is the item's date; rules that depend on a day are silent without one.
        """
        view = View(from_html(source) if markup else from_text(source), day, markup, self.scan, source)
        hits = found(self._steps, view)
        if not hits:
            return ()
        over = {rule.id for rule in self._dated if not _is_valid(rule, day)}
        if over:
            hits = [hit for hit in hits if hit.rule.id not in over]
        hits = _without_doubles(hits)
        hits.sort(key=_PLACE)
        if len(hits) > MOST_OF_A_RULE:
            hits = sorted(bounded(hits), key=_PLACE)
        kept = hits[:MOST_FINDINGS]
        findings = {(hit.rule.id, *view.mapped.span(hit.start, hit.end)): hit for hit in reversed(kept)}
        if len(hits) > MOST_FINDINGS:
            more = Message("monitor.too_many", {"limit": MOST_FINDINGS, "count": len(hits)})
            end = len(view.text)
            findings["", len(source), len(source)] = Hit(kept[-1].rule, end, end, severity=Severity.BLOCK, message=more)
        telling = Telling(view, source, part)
        return tuple(
            sorted(
                (telling.finding(hit, start, end) for (_, start, end), hit in findings.items()),
                key=lambda finding: (finding.start, finding.end, -finding.severity.weight, finding.rule),
            )
        )


def check_links(monitor: Monitor, facts: Iterable[LinkFact], *, part: str = "body") -> tuple[Finding, ...]:
    """The findings of the rules of kind `link` on what patrol knows about the addresses of one text."""
    links = [check for check in monitor.checks if isinstance(check, Link)]
    return tuple(_about_link(check, fact, part) for fact in facts for check in links if check.fires(fact))


def _about_link(check: Link, fact: LinkFact, part: str) -> Finding:
    values = {"text": fact.url, "suggestion": ""}
    rule = check.rule
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        start=fact.start,
        end=fact.end,
        text=fact.url,
        message=fill(rule.message, values),
        basis=rule.basis,
        part=part,
        message_en=fill(rule.message_en, values),
    )


def steps(checks: Iterable[Check]) -> tuple[Step, ...]:
    """Every check with the literals of which one must stand in a text for it to be asked; with none it always is."""
    return tuple((check, frozenset(check.literals if isinstance(check, Literal) else ())) for check in checks)


def found(checks: Iterable[Step], view: View) -> list[Hit]:
    """The hits of all checks in one text."""
    return [
        hit for check, wanted in checks if not (wanted and view.literals.isdisjoint(wanted)) for hit in check.hits(view)
    ]


def _without_doubles(hits: list[Hit]) -> list[Hit]:
    """The hits without suspicions where a row of the lexicon knows the error already: one error is told once."""
    doubtful = [hit for hit in hits if hit.rule.kind == "suspicion"]
    known = [hit for hit in hits if hit.rule.kind == "lexicon"] if doubtful else []
    if not known:
        return hits
    told = {place for hit in known for place in range(hit.start, hit.end)}
    return [hit for hit in hits if hit.rule.kind != "suspicion" or told.isdisjoint(range(hit.start, hit.end))]


def _is_valid(rule: RuleSpec, day: date | None) -> bool:
    return day is not None and (rule.valid_from or day) <= day <= (rule.valid_to or day)


def _rule_facts(rule: RuleSpec) -> str:
    facts = [rule.id, rule.kind, rule.severity, rule.message, rule.message_en, rule.basis, rule.enforced]
    from syndicate.model.hashing import digest

    return digest([*facts, str(rule.valid_from), str(rule.valid_to), rule.parameters])


def _row_facts(row: LexiconEntry) -> str:
    facts = [row.wrong, row.right, row.category, row.mode, row.basis, row.not_after, row.not_before]
    return "\t".join(map(str, [*facts, row.valid_from, row.valid_to]))
