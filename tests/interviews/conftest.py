"""The clock stands still, and everybody of the cast has a browser."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.conftest import NOW, Browser, Cast
from tracker.core import clock


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def people(cast: Cast, browse: Any) -> dict[str, Browser]:
    names = ("amina", "brian", "chloe", "dora", "ruth", "kevin", "faith")
    return {name: browse(getattr(cast, name), at=NOW) for name in names}
