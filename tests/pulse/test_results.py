"""Results on the page: who sees which groups, what is hidden, what changed, and what no address can ask for."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.conftest import NOW, Cast
from tests.factories import a_person
from tests.home.test_query_counts import selects
from tests.pulse.company import KEYS, NOVEMBER, OCTOBER, a_closed_round, an_answered_round, grown, mixed
from tests.pulse.rounds import closed, node_named
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.organisation.actions import move_person
from tracker.organisation.models import Person

COUNT = re.compile(r">n ([\d,]+)<")
HIDDEN = "hidden to protect people"


@pytest.fixture(autouse=True)
def _hour() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def company(cast: Cast) -> Cast:
    grown(cast)
    return cast


def page(browse: Any, person: Person | None, url: str = "/pulse/results") -> Any:
    return browse(person, at=NOW).get(url)


def test_with_no_round_the_page_says_so(cast: Cast, browse: Any) -> None:
    assert "No results yet" in page(browse, cast.amina).text


def test_no_result_before_close(company: Cast, browse: Any) -> None:
    round_id = an_answered_round()
    tills = node_named(round_id, company.tills.name)
    for person in (company.chloe, company.brian, company.amina, company.ruth):
        assert "No results yet" in page(browse, person).text
        for url in (f"/pulse/results/{round_id}", f"/pulse/results/{round_id}/paper", f"/pulse/results/groups/{tills}"):
            assert page(browse, person, url).status_code == 404
        assert page(browse, person, f"/pulse/results/{round_id}/find-me").status_code == 404
        assert browse(person, at=NOW).post(f"/pulse/results/{round_id}/files", {"file": "csv"}).status_code == 404


def test_hr_sees_every_group_and_hidden_cells_as_hidden(company: Cast, browse: Any) -> None:
    a_closed_round()
    text = page(browse, company.chloe).text
    for name in ("Zawadora", "Nairobi Central", "Nairobi Central tills", "Nairobi Central floor", "Repairs corner"):
        assert f">{name}</a>" in text
    corner = text.split(">Repairs corner</a>")[1].split("</tr>")[0]
    assert corner.count(HIDDEN) == len(KEYS)
    assert "<b>" not in corner


def test_staff_see_their_own_team_and_what_is_above(company: Cast, browse: Any) -> None:
    round_id = a_closed_round()
    text = page(browse, company.amina).text
    assert ">Nairobi Central tills</a>" in text
    assert ">Zawadora</a>" in text
    for other in ("Nairobi Central floor", "Repairs corner", "Managers"):
        assert f">{other}</a>" not in text
        assert page(browse, company.amina, f"/pulse/results/groups/{node_named(round_id, other)}").status_code == 404
    own = page(browse, company.amina, f"/pulse/results/groups/{node_named(round_id, company.tills.name)}")
    assert own.status_code == 200


def test_dora_finds_nothing_of_the_tills(company: Cast, browse: Any) -> None:
    round_id = a_closed_round()
    text = page(browse, company.dora).text
    assert ">Nairobi Central floor</a>" in text
    assert "Nairobi Central tills" not in text
    assert (
        page(browse, company.dora, f"/pulse/results/groups/{node_named(round_id, company.tills.name)}").status_code
        == 404
    )


def test_nobody_who_is_not_signed_in(company: Cast, browse: Any) -> None:
    a_closed_round()
    assert page(browse, None).status_code == 303


def test_comments_are_for_hr_and_who_leads(company: Cast, browse: Any) -> None:
    words = {company.amina.id: {KEYS[0]: "More light please"}}
    tills = node_named(a_closed_round(words=words), company.tills.name)
    url = f"/pulse/results/groups/{tills}"
    for person, reads in ((company.chloe, True), (company.brian, True), (company.faith, True), (company.amina, False)):
        assert ("More light please" in page(browse, person, url).text) is reads


def test_manager_sees_no_count_below_k(company: Cast, browse: Any) -> None:
    """On every page of every round: no n, no count of answers and no rest of two shown groups is of fewer than five."""
    rounds = [a_closed_round(opens_at=OCTOBER), a_closed_round()]
    for person in (company.brian, company.faith, company.dora, company.amina, company.chloe):
        for round_id in rounds:
            text = page(browse, person, f"/pulse/results/{round_id}").text
            counts = [int(count.replace(",", "")) for count in COUNT.findall(text)]
            assert counts
            assert min(counts) >= 5
            for node in re.findall(r"/pulse/results/groups/(\d+)", text):
                group = page(browse, person, f"/pulse/results/groups/{node}").text
                assert "one answer<" not in group
                assert all(int(count) >= 5 for count in re.findall(r"(\d+) answers<", group))


def test_attribute_filter_refused_below_k(company: Cast, browse: Any) -> None:
    """No argument of an address narrows a figure to people: what is not an order is not looked at."""
    round_id = a_closed_round()
    plain = _figures(page(browse, company.chloe, f"/pulse/results/{round_id}").text)
    tills = node_named(round_id, company.tills.name)
    group = _figures(page(browse, company.chloe, f"/pulse/results/groups/{tills}").text)
    for asked in (
        "site=Nairobi",
        "tenure=1",
        f"person={company.amina.id}",
        "k_score=1",
        "team=2&shift=night",
        "k=1",
        "sort=tenure",
    ):
        assert _figures(page(browse, company.chloe, f"/pulse/results/{round_id}?{asked}").text) == plain
        assert _figures(page(browse, company.chloe, f"/pulse/results/groups/{tills}?{asked}").text) == group


def test_results_frozen_after_late_change_of_team(company: Cast, browse: Any) -> None:
    round_id = an_answered_round()
    with transaction():
        amina = db.session.get_one(Person, company.amina.id)
        move_person(amina, db.session.merge(company.floor), since=date(2026, 11, 5), by=None, at=NOVEMBER)
    closed(round_id, at=NOW)
    before = _figures(page(browse, company.chloe, f"/pulse/results/{round_id}").text)
    tills = before[before.index("Nairobi Central tills") :]
    assert tills[2] == "n 12", "she counts where she was asked"
    with transaction():
        kevin = db.session.get_one(Person, company.kevin.id)
        move_person(kevin, db.session.merge(company.floor), since=date(2026, 11, 18), by=None, at=NOW)
    assert _figures(page(browse, company.chloe, f"/pulse/results/{round_id}").text) == before


def test_the_map_is_sorted_by_a_question_with_hidden_groups_last(company: Cast, browse: Any) -> None:
    round_id = a_closed_round()
    for sort, order in ((KEYS[0], 1), (f"-{KEYS[0]}", -1)):
        text = page(browse, company.chloe, f"/pulse/results/{round_id}?sort={sort}").text
        rows = text.split("<tbody>")[1].split("</tbody>")[0].split("<tr")[1:]
        first = [re.search(r"<td.*?</td>", row, re.S).group() for row in rows]  # type: ignore[union-attr]
        shown = [float(found.group(1)) for cell in first if (found := re.search(r"<b>([\d.]+)</b>", cell))]
        assert shown == sorted(shown, reverse=order < 0)
        assert all(HIDDEN in cell for cell in first[len(shown) :])
        assert 'aria-sort="' in text


def test_a_clear_change_is_said_first_with_its_range(company: Cast, browse: Any) -> None:
    a_closed_round(lambda name, place: {**mixed(name, place), KEYS[0]: 4 + place % 2}, opens_at=OCTOBER)
    a_closed_round(lambda name, place: {**mixed(name, place), KEYS[0]: 1 + place % 2})
    text = page(browse, company.chloe).text
    title = re.search(r"<h1>(.*?)</h1>", text, re.S).group(1)  # type: ignore[union-attr]
    assert "has clearly moved" in title
    assert re.search(r"likely between [\d.]+ lower and [\d.]+ lower", title)
    assert ">Clear<" in text


def test_nothing_that_moves_by_chance_is_called_clear(company: Cast, browse: Any) -> None:
    for opens_at in (OCTOBER, NOVEMBER):
        a_closed_round(opens_at=opens_at)
    text = page(browse, company.chloe).text
    assert ">Clear<" not in text
    assert "Nothing has clearly moved" in text


@pytest.mark.parametrize(("joiners", "is_told"), [(0, True), (1, False), (2, False), (3, True)])
def test_no_change_is_told_where_one_or_two_came_and_few_answered(
    cast: Cast, browse: Any, joiners: int, is_told: bool
) -> None:
    grown(cast, floor=6, corner=0)
    a_closed_round(opens_at=OCTOBER)
    with transaction():
        for number in range(joiners):
            a_person(f"Zoe {number}", team=cast.floor, since=date(2026, 10, 20))
    round_id = a_closed_round()
    text = page(browse, cast.chloe, f"/pulse/results/groups/{node_named(round_id, cast.floor.name)}").text
    assert ("No change since Oct 2026 is shown" in text) is not is_told
    assert (" in Oct 2026: " in text) is is_told
    lines = text.count('class="ln"')
    assert (lines > 0) is is_told


def test_a_leaver_and_a_joiner_count_as_two(cast: Cast, browse: Any) -> None:
    grown(cast, floor=6, corner=0)
    with transaction():
        leaver = a_person("Zoe", team=cast.floor)
    a_closed_round(opens_at=OCTOBER)
    with transaction():
        db.session.get_one(Person, leaver.id).ended_on = date(2026, 10, 20)
        a_person("Zuri", team=cast.floor, since=date(2026, 10, 20))
    round_id = a_closed_round()
    text = page(browse, cast.chloe, f"/pulse/results/groups/{node_named(round_id, cast.floor.name)}").text
    assert "No change since Oct 2026 is shown" in text


@pytest.mark.parametrize("size", [12, 60])
def test_the_pages_ask_a_bounded_number_of_questions(cast: Cast, browse: Any, size: int) -> None:
    grown(cast, tills=size, floor=6, corner=0)
    for opens_at in (OCTOBER, NOVEMBER):
        round_id = a_closed_round(opens_at=opens_at)
    browser = browse(cast.chloe, at=NOW)
    for url, most in (
        ("/pulse/results", 16),
        (f"/pulse/results/groups/{node_named(round_id, cast.floor.name)}", 25),
        (f"/pulse/results/{round_id}/find-me", 10),
    ):
        with selects() as seen:
            assert browser.get(url).status_code == 200
        assert len(seen) <= most, "\n\n".join(seen)


def _figures(text: str) -> list[str]:
    """Every word of the page's middle, without addresses."""
    main = text.split("<main", 1)[1].split("</main>")[0]
    return [word.strip() for word in re.sub(r"<[^>]*>", "\n", main).split("\n") if word.strip()]


def test_one_item_of_the_side_bar_is_where_one_is(cast: Cast, browse: Any) -> None:
    grown(cast, floor=6, corner=0)
    round_id = a_closed_round()
    for person, label in ((cast.chloe, "Pulse results"), (cast.amina, "Pulse")):
        for url in ("/pulse/results", f"/pulse/results/{round_id}/find-me"):
            assert current_items(page(browse, person, url).text) == [label], url
    assert current_items(page(browse, cast.chloe, "/pulse/rounds").text) == ["Pulse rounds"]


def current_items(text: str) -> list[str]:
    navigation = text[text.index("<nav") : text.index("</nav>")]
    marked = re.findall(r'<a[^>]*aria-current="[^"]+"[^>]*>(.*?)</a>', navigation, re.DOTALL)
    return [" ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", one, flags=re.DOTALL).split()) for one in marked]
