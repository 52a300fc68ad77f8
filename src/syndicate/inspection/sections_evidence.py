"""证据: what proves each alarm of the day, with address, time and hash, beside its rule and its remedy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from syndicate.inspection.wording import moment, row, safe_link, say
from syndicate.model.inspection import Judgement, Row, Standing

_HASH = 16
"""Characters of a hash that a table shows; the JSON form has all of them."""


def evidence_rows(judgements: Iterable[Judgement], beside: datetime) -> Iterator[Row]:
    """One row for each piece of evidence of what is breached or warned of, as far as something can be looked up."""
    for judgement in judgements:
        if judgement.standing in (Standing.BREACHED, Standing.WARNING):
            indicator = judgement.indicator
            said = (indicator.basis, indicator.fix)
            for one in judgement.measurement.evidence:
                if one.url or one.at or one.sha256:
                    yield row(
                        indicator.id,
                        one.text,
                        one.url or "—",
                        moment(one.at, beside),
                        one.sha256[:_HASH] or "—",
                        *said,
                        standing=judgement.standing,
                        link=safe_link(one.url),
                    )
                    said = (say("as_above"), say("as_above"))
