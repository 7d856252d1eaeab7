"""Somebody who is credited with a rating later reads why."""

from typing import Any

from flask import Flask

from tests.conftest import NOW, Cast
from tests.factories import a_rating
from tracker.core.db import transaction
from tracker.ratings.actions import reassign_rating


def test_the_reason_stands_with_the_rating(app: Flask, cast: Cast, browse: Any) -> None:
    with transaction():
        rating = a_rating(cast.kevin, 5, comment="Kind and quick")
        reassign_rating(rating, cast.amina, by=cast.brian.id, reason="Amina was at till 4", at=NOW)
    assert "Amina was at till 4" in browse(cast.amina).get("/me/ratings").text
    assert "Kind and quick" not in browse(cast.kevin).get("/me/ratings").text
