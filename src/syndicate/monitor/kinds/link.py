"""Kind `link`: what patrol found out about the addresses in a text; the rule itself asks nobody.

Parameters: `check` (required): `dead` (no answer, or one of 400 and above), `off_domain` (leads to none of `domains`),
`advertising` (the page it leads to is titled with one of `words`), `expired` (an address below one of `domains` that now
leads elsewhere). Texts alone give no hits; `Monitor.check_links` does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from syndicate.model.reference import LinkFact
from syndicate.model.rule import RuleSpec
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.view import Check, Hit, View

_CHECKS = ("dead", "off_domain", "advertising", "expired")
_BROKEN = 400


@dataclass(frozen=True)
class Link:
    """One of the checks."""

    rule: RuleSpec
    check: str
    domains: tuple[str, ...]
    words: tuple[str, ...]

    def hits(self, view: View) -> Iterable[Hit]:
        """Nothing: a text does not tell what its addresses lead to."""
        return ()

    def fires(self, fact: LinkFact) -> bool:
        """Whether the rule fires on what is known about one address."""
        if self.check == "dead":
            return fact.status is None or fact.status >= _BROKEN
        if self.check == "advertising":
            return any(word in fact.title for word in self.words)
        there = self._is_within(fact.final_url or fact.url)
        if self.check == "off_domain":
            return not there
        return self._is_within(fact.url) and not there

    def _is_within(self, url: str) -> bool:
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            return False
        return any(host == domain or host.endswith(f".{domain}") for domain in self.domains)


def compile_check(rule: RuleSpec, parameters: Parameters) -> Check:
    """The check of one rule."""
    check = parameters.choice("check", _CHECKS)
    domains = parameters.texts("domains", required=check in ("off_domain", "expired"))
    words = parameters.texts("words", required=check == "advertising")
    return Link(rule, check, domains, words)
