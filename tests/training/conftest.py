"""Somebody goes through a course, page by page, as a browser without a script does."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tracker.core import clock

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> Iterator[datetime]:
    with clock.set_to(NOW):
        yield NOW
