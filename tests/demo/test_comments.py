"""What the demo's customers write fits what they felt."""

import re
from collections import Counter, defaultdict
from datetime import date

import pytest

from tracker.demo.company import generate
from tracker.demo.places import DRIVERS, TOUCHPOINTS
from tracker.demo.records import Company
from tracker.demo.texts import ANY, PRODUCTS, PRONOUNS, TEMPLATES, Template

SLOTS = {"name", "place", "area", "product", "few", "minutes", "amount", *PRONOUNS["f"]}


@pytest.fixture(scope="module")
def company() -> Company:
    return generate(today=date(2026, 11, 22))


def test_there_are_hundreds_of_different_sentences() -> None:
    count = Counter(template.language for template in TEMPLATES)
    words = [template.words for template in TEMPLATES]
    assert count["en"] >= 350
    assert count["sw"] >= 150
    assert len(set(words)) == len(words)


def test_every_template_names_a_known_touchpoint_driver_and_slot() -> None:
    for template in TEMPLATES:
        assert template.touchpoint in {ANY, *(touchpoint.key for touchpoint in TOUCHPOINTS)}
        assert template.driver in {driver.key for driver in DRIVERS}
        assert template.stars <= {1, 2, 3, 4, 5}
        assert set(re.findall(r"{(\w+)}", template.words)) <= SLOTS
        assert "{place}" not in template.words or template.touchpoint == "tills"
        assert "{area}" not in template.words or template.touchpoint == "delivery"


def test_no_sentence_serves_both_praise_and_complaint() -> None:
    assert not [template.words for template in TEMPLATES if min(template.stars) < 4 <= max(template.stars)]


def test_every_comment_comes_from_a_template_for_its_stars_touchpoint_and_driver(company: Company) -> None:
    patterns = defaultdict(list)
    for template in TEMPLATES:
        for stars in template.stars:
            patterns[template.language, stars, template.touchpoint].append((pattern_of(template), template.driver))
    for rating in company.ratings:
        if rating.comment is None or rating.language is None:
            continue
        candidates = (
            patterns[rating.language, rating.stars, rating.touchpoint] + patterns[rating.language, rating.stars, ANY]
        )
        drivers = {driver for pattern, driver in candidates if pattern.fullmatch(rating.comment)}
        assert drivers & {*rating.praised, *rating.blamed}, (rating.stars, rating.comment)


def test_three_in_ten_write_and_a_third_of_them_in_swahili(company: Company) -> None:
    written = [rating for rating in company.ratings if rating.comment is not None]
    swahili = sum(rating.language == "sw" for rating in written) / len(written)
    assert 0.27 < len(written) / len(company.ratings) < 0.33
    assert 0.25 < swahili < 0.4
    assert all(rating.language is None for rating in company.ratings if rating.comment is None)


def test_no_comment_comes_more_than_a_few_times_to_one_person(company: Company) -> None:
    count = Counter((rating.staff_number, rating.comment) for rating in company.ratings if rating.comment)
    assert max(count.values()) <= 5
    assert sum(number > 2 for number in count.values()) < 0.02 * len(count)


def test_no_slot_is_left_open_and_pronouns_follow_the_person(company: Company) -> None:
    assert not [rating.comment for rating in company.ratings if rating.comment and re.search(r"[{}]", rating.comment)]
    kevin = company.person("Kevin Odhiambo").staff_number
    amina = company.person("Amina Otieno").staff_number
    said = {
        number: " ".join(rating.comment or "" for rating in company.ratings if rating.staff_number == number)
        for number in (kevin, amina)
    }
    assert "look for him" in said[kevin]
    assert "look for her" not in said[kevin]
    assert "look for him" not in said[amina]


def test_waiting_runs_through_kevins_low_ratings_while_he_is_down(company: Company) -> None:
    fall = company.truths.falls[0]
    low = [
        rating
        for rating in company.ratings
        if rating.staff_number == fall.staff_number and rating.rated_at.date() >= fall.started_on and rating.blamed
    ]
    waiting = [rating for rating in low if {"speed", "staff_there_when_needed"} & set(rating.blamed)]
    assert len(low) >= 15
    assert len(waiting) > 0.55 * len(low)


@pytest.mark.parametrize("language", ["en", "sw"])
def test_products_begin_with_a_consonant_so_that_a_fits_before_them(language: str) -> None:
    names = {name for (code, _), products in PRODUCTS.items() if code == language for name in products}
    assert len(names) >= 8
    assert not [name for name in names if name[0].lower() in "aeiou"]


def pattern_of(template: Template) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(template.words)))
