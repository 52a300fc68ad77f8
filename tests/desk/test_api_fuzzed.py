"""The interface against whatever its own document allows and forbids: no server error, and every reply as documented."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode

from syndicate.desk.serving import application
from syndicate.errors import Message
from syndicate.model.delivery import NeedsPerson
from tests.desk.api import script_of
from tests.desk.office import FAULTY, PUBLISHER, Office

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "5"))
"""Per operation and mode; a longer run by hand sets more."""

Ask = Callable[[GenerationMode], Counter[int]]
load_all_checks()
PROMISED = CHECKS.get_by_names(
    ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
)
BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def fuzzed(office: Office) -> Ask:
    """Asks everything the document names in one mode; returns how often each status came back."""
    for number in range(3):
        office.submitted(f"安全检查{number}", FAULTY)
    office.draft()
    office.approved()
    office.published(weibo=NeedsPerson(Message("ledger.never_arrives")))
    script = script_of(office, PUBLISHER)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application(lambda: office.workspace))
    headers = {"Authorization": f"Bearer {script.token}", "Host": "127.0.0.1"}

    def ask(mode: GenerationMode) -> Counter[int]:
        statuses: Counter[int] = Counter()
        for found in schema.get_all_operations():
            operation = found.ok()

            @seed(2026)
            @BOUNDED
            @given(case=operation.as_strategy(mode))
            def one(case: Any) -> None:
                office.wait(seconds=1)
                for name, value in case.path_parameters.items():
                    if isinstance(value, int) and value > 0:
                        case.path_parameters[name] = value % 9 + 1  # most of these exist
                if mode is GenerationMode.POSITIVE and isinstance(case.body, dict) and "column" in case.body:
                    case.body["column"] = "news"  # the only one that exists among all strings
                statuses[case.call_and_validate(headers=headers, checks=PROMISED).status_code] += 1

            one()
        print(mode.name, dict(statuses))
        return statuses

    return ask


def test_what_the_document_allows_is_answered_as_it_says(fuzzed: Ask) -> None:
    statuses = fuzzed(GenerationMode.POSITIVE)
    assert {200, 201, 404, 409, 422} <= set(statuses)
    assert 429 not in statuses


def test_what_the_document_forbids_is_answered_as_it_says(fuzzed: Ask) -> None:
    statuses = fuzzed(GenerationMode.NEGATIVE)
    assert {400, 401, 422} <= set(statuses)
    assert statuses[422] > statuses[200]
