"""What several sections of the report about customers are tested on."""

import pytest

from tests.conftest import Cast
from tests.reports.a_year import Answers, team_of_six
from tracker.core.db import transaction


@pytest.fixture
def year(cast: Cast) -> Answers:
    """Of six people at the tills; nothing is stored yet."""
    with transaction():
        return team_of_six(cast)
