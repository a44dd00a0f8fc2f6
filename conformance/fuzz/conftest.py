"""How many generated orders are watched, which the effort of a run decides, and who asks."""

from __future__ import annotations

from contextlib import suppress

import pytest

from conformance.api import Api
from conformance.conftest import CredentialOf
from conformance.errors import Blocked
from conformance.fuzz.effort import Effort
from conformance.marks import watches_as
from conformance.target.description import Target

ACCEPTED = 202


@pytest.fixture
def callers(api: Api, target: Target, credential: CredentialOf) -> list[Api]:
    """The API as it is asked by the main credential, and by an app if that may order."""
    if "platform_access_token" not in target.credentials:
        return [api]
    with suppress(Blocked):
        app = api.asking_with(credential("platform_access_token"))
        return [api, app] if app.order_email().response.status == ACCEPTED else [api]
    return [api]


@pytest.fixture
def second_organisation(credential: CredentialOf) -> None:
    """Blocked unless the target provides a credential that is of a second organisation."""
    credential("second_organisation_bearer")


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
