"""What holds for every answer."""

from __future__ import annotations

import pytest

from conformance.api import Api
from conformance.behaviour.operations import OPERATIONS, Ask
from conformance.checks.answers import documented_status
from conformance.expect import expect
from conformance.marks import requirement


@requirement("http.documented-status")
@pytest.mark.parametrize("ask", OPERATIONS.values(), ids=OPERATIONS)
def test_an_answer_has_a_documented_status(api: Api, ask: Ask) -> None:
    """Each operation answers with a response code that is documented for it.

    The same is judged of every other answer of a run.
    """
    answer = ask(api, api.given_order())

    expect(answer).passes(documented_status)
