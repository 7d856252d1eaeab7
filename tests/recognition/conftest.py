"""The clock stands still until a test moves it, and everybody of the cast has a browser that stays signed in."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from tests.conftest import NOW, Browser
from tracker.access.models import SignInSession
from tracker.core import clock
from tracker.core.db import db, transaction


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    with clock.set_to(NOW):
        yield NOW


@pytest.fixture
def people(people: dict[str, Browser]) -> dict[str, Browser]:
    """Signed in for a year, since some of what is tested comes months later."""
    with transaction():
        db.session.execute(update(SignInSession).values(expires_at=NOW + timedelta(days=365)))
    return people
