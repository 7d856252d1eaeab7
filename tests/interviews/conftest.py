"""The clock stands still."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.conftest import NOW
from tracker.core import clock


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    with clock.set_to(NOW):
        yield NOW
