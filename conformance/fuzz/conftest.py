"""How many generated orders are watched, which the effort of a run decides, and who asks."""

from __future__ import annotations

from contextlib import suppress

import pytest

from conformance.api import Api
from conformance.conftest import CredentialOf
from conformance.errors import Blocked
from conformance.fuzz.effort import Effort
from conformance.marks import watches_as


@pytest.fixture
def callers(api: Api, credential: CredentialOf) -> list[Api]:
    """The API as it is asked with each kind of credential that there is; the main one first."""
    with suppress(Blocked, KeyError):
        return [api, api.asking_with(credential("platform_access_token"))]
    return [api]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each generated order that a test is to watch."""
    mark = metafunc.definition.get_closest_marker("watches_generated")
    if mark is None:
        return
    kind, scenario, placing = mark.args
    option = metafunc.config.option
    count = Effort(option.effort, option.max_cases).cases(kind)
    scenarios = [scenario(number) for number in range(1, count + 1)]
    cases = [
        pytest.param(each, id=each.__name__, marks=watches_as(each, placing)) for each in scenarios
    ]
    metafunc.parametrize("watched", cases, indirect=True)
