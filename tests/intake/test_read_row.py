"""Reading one row of ratings: what is understood, what is rejected and with which words."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.intake.dates import DateReader, in_utc
from tracker.intake.rules import (
    FIELDS,
    PEOPLE_COLUMNS,
    RatingRow,
    Rejection,
    UnusableMapping,
    active,
    date_order,
    guess_mapping,
    guess_scale,
    inert,
    looks_personal,
    rating_reader,
    read_rating,
    row_key,
)

NAIROBI, PARIS = ZoneInfo("Africa/Nairobi"), ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
HEADERS = list(FIELDS)
MAPPING = {field: field for field in FIELDS}


def a_row(**given):
    plain = {"external_id": "R1", "rated_at": "2026-10-03T14:22:00", "stars": "4", "employee": "N-0412"} | given
    return [plain.get(field, "") for field in HEADERS]


def rating(scale="stars", day_first=None, zone=NAIROBI, **given):
    return read_rating(a_row(**given), HEADERS, MAPPING, scale=scale, day_first=day_first, zone=zone, now=NOW)


def moment(text, day_first=None, zone=NAIROBI):
    return DateReader(day_first=day_first, zone=zone, now=NOW)(text)


# Whole rows


def test_a_plain_row_is_read_whole():
    row = rating(
        team=" Front desk ",
        touchpoint="till 4",
        channel="web",
        customer="C9",
        comment="Quick",
        drivers="effort; knowledge,effort;",
    )
    assert row == RatingRow(
        external_id="R1",
        rated_at=datetime(2026, 10, 3, 11, 22, tzinfo=UTC),
        rated_on=date(2026, 10, 3),
        stars=4,
        original_value=4,
        original_scale="stars",
        employee="N-0412",
        team="Front desk",
        touchpoint="till 4",
        channel="web",
        customer="C9",
        comment="Quick",
        drivers=("effort", "knowledge"),
    )


def test_missing_last_cells_are_empty_and_extra_empty_ones_are_fine():
    read = rating_reader(
        ["stars", "rated_at", "comment"],
        {"stars": "Stars", "rated_at": "rated_at", "comment": "comment"},
        scale="stars",
        day_first=None,
        zone=NAIROBI,
        now=NOW,
    )
    assert read(["4", "2026-10-03"]).comment == ""
    assert read(["4", "2026-10-03", "fine", "", " "]).comment == "fine"
    assert read(["4", "2026-10-03", "fine", "", "more"]) == Rejection(
        "This row has 5 cells, the first line 3", "", "more"
    )


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"rated_at": "when"}, "Say which column holds the rating (stars)."),
        ({"stars": "csat"}, "Say which column holds the date (rated_at)."),
        ({"stars": "csat", "rated_at": "day"}, "The file has no column “day”. Its columns are csat, when."),
        ({"mood": "csat"}, "There is no field “mood”."),
    ],
)
def test_a_mapping_that_cannot_work_says_why(mapping, says):
    with pytest.raises(UnusableMapping) as caught:
        rating_reader(["csat", "when"], mapping, scale="stars", day_first=None, zone=NAIROBI, now=NOW)
    assert str(caught.value).startswith(says)


@given(
    cells=st.lists(st.text(max_size=30), max_size=14),
    day_first=st.sampled_from([True, False, None]),
    scale=st.sampled_from(["stars", "nps", "csat7", "csat100"]),
)
def test_any_cells_at_all_give_a_rating_or_a_reason(cells, day_first, scale):
    row = read_rating(cells, HEADERS, MAPPING, scale=scale, day_first=day_first, zone=PARIS, now=NOW)
    assert row.reason if isinstance(row, Rejection) else 1 <= row.stars <= 5


# Stars and scales


@pytest.mark.parametrize(
    "text", ["4", "4.0", " 4 ", "4 stars", "4 Stars", "★★★★", "★★★★☆", "⭐⭐⭐⭐", "4,0", "4/5", "4 out of 5", "٤"]
)
def test_four_stars_are_read_however_they_are_written(text):
    assert (rating(stars=text).stars, rating(stars=text).original_value) == (4, 4)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "There is no rating in this row"),
        ("  ", "There is no rating in this row"),
        ("0", "Stars go from 1 to 5"),
        ("6", "Stars go from 1 to 5"),
        ("9", "Stars go from 1 to 5"),
        ("-3", "Stars go from 1 to 5"),
        ("good", "Stars go from 1 to 5"),
        ("4/10", "Stars go from 1 to 5"),
        ("80%", "Stars go from 1 to 5"),
        ("★★★★★★", "Stars go from 1 to 5"),
        ("=1+3", "Stars go from 1 to 5"),
        ("1e0", "Stars go from 1 to 5"),
        ("4.5", "Stars go from 1 to 5 in whole steps"),
        ("nan", "Stars go from 1 to 5"),
    ],
)
def test_what_is_no_rating_is_rejected_with_the_reason(text, reason):
    assert rating(stars=text) == Rejection(reason, "stars", text)


@pytest.mark.parametrize(
    ("scale", "stars"),
    [
        ("nps", [1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]),
        ("csat7", [None, 1, 2, 2, 3, 4, 4, 5]),
        ("csat100", [1] * 21 + [2] * 20 + [3] * 20 + [4] * 20 + [5] * 20),
    ],
)
def test_each_step_of_a_scale_becomes_its_stars_and_is_kept(scale, stars):
    for value, expected in enumerate(stars):
        row = rating(scale=scale, stars=str(value))
        if expected is None:
            assert row.reason == "This scale goes from 1 to 7"
        else:
            assert (row.stars, row.original_value, row.original_scale) == (expected, value, scale)
    assert isinstance(rating(scale=scale, stars=str(len(stars))), Rejection)


def test_a_percentage_may_have_a_fraction():
    assert (rating(scale="csat100", stars="80.5 %").stars, rating(scale="csat100", stars="80.5 %").original_value) == (
        5,
        80.5,
    )
    assert rating(scale="nps", stars="8.5").reason == "NPS goes from 0 to 10 in whole steps"


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        (["4", "5", "1", "", "★★★"], "stars"),
        (["4"] * 50 + ["9"], "stars"),
        (["0", "9", "10", "7"], "nps"),
        (["1", "7", "6", "4"], "csat7"),
        (["80", "95", "40"], "csat100"),
        (["4 %", "3 %"], "csat100"),
        ([], "stars"),
    ],
)
def test_the_scale_is_guessed_from_the_values(values, scale):
    assert guess_scale(values) == scale


# Dates


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-03T14:22:00",
        "2026-10-03 14:22",
        "2026-10-03T11:22:00Z",
        "2026-10-03T13:22:00+02:00",
        "2026-10-03 11:22:00 UTC",
        "03/10/2026 14:22",
        "3.10.2026 14:22:00",
        "03-10-2026 2:22 PM",
        "10-Mar-2026",
        "2026/10/03 14:22",
        "3 Oct 2026 14:22",
        "3 octobre 2026 14h22",
        "Oktoba 3, 2026 14:22",
        "October 3rd, 2026 at 2:22 pm",
        "Sat, 03 Oct 2026 14:22:00 +0300",
        "03/10/26 14:22",
        "1791026520",
        "1791026520000",
        "3. Oct 2026, 14:22",
    ],
)
def test_an_instant_is_read_however_it_is_written(text):
    found = moment(text, day_first=True)
    if text == "10-Mar-2026":
        assert found == (datetime(2026, 3, 10, 9, tzinfo=UTC), date(2026, 3, 10))
    else:
        assert found == (datetime(2026, 10, 3, 11, 22, tzinfo=UTC), date(2026, 10, 3))


@pytest.mark.parametrize("text", ["2026-10-03", "20261003", "3.10.2026", "03/10/2026", "3 October 2026", "2026/10/3"])
def test_a_date_without_a_time_counts_at_noon_there(text):
    assert moment(text, day_first=True) == (datetime(2026, 10, 3, 9, tzinfo=UTC), date(2026, 10, 3))


@pytest.mark.parametrize(
    ("text", "day_first", "reason"),
    [
        ("", None, "There is no date in this row"),
        ("soon", None, "“soon” is not a date that can be read"),
        ("03/04/2026", None, "03/04/2026 can be 3 April or 4 March. Say which: day first or month first."),
        ("12/13/2026", True, "There is no month 13. Is the month first?"),
        ("13/12/2025", False, "There is no month 13. Is the day first?"),
        ("31/02/2026", True, "February 2026 has no day 31"),
        ("2026-13-01", None, "There is no month 13"),
        ("2026-02-30", None, "February 2026 has no day 30"),
        ("29/02/2026", None, "February 2026 has no day 29"),
        ("3 Foo 2026", None, "“foo” is not the name of a month"),
        ("2026-10-03 25:61", None, "There is no such time of day: 25:61"),
        ("03/10/2026 14:60", True, "There is no such time of day: 14:60"),
        ("03/10/2026 13:00 pm", True, "There is no such time of day: 13:00 pm"),
        ("1889-10-03", None, "The year 1889 is too long ago"),
        ("2027-10-03", None, "This is in the future"),
        ("2026-11-21T12:30", None, "This is in the future"),
        ("00/00/2026", None, "There is no month 0"),
        ("0000-01-01", None, "There is no year 0"),
    ],
)
def test_what_is_no_date_is_rejected_with_the_reason(text, day_first, reason):
    assert rating(rated_at=text, day_first=day_first) == Rejection(reason, "rated_at", text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("13/04/2026", date(2026, 4, 13)),
        ("04/13/2026", date(2026, 4, 13)),
        ("04/04/2026", date(2026, 4, 4)),
        ("3.4.2026", date(2026, 4, 3)),
    ],
)
def test_a_date_that_can_mean_one_day_needs_no_order(text, day):
    assert moment(text).on == day


def test_the_caller_says_which_comes_first():
    assert moment("03/04/2026", day_first=True).on == date(2026, 4, 3)
    assert moment("03/04/2026", day_first=False).on == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["2026-10-03", "3 Oct 2026", ""], "iso"),
        (["03/04/2026", "05/06/2026"], "ambiguous"),
        (["03/04/2026", "13/06/2026"], "day"),
        (["03/04/2026", "06/13/2026"], "month"),
        (["3.4.2026"], "day"),
        (["13/06/2026"] * 20 + ["12/13/2026"], "day"),
        (["13/06/2026", "12/13/2026"], "ambiguous"),
        ([], "iso"),
    ],
)
def test_the_order_of_dates_is_settled_by_the_whole_column(values, order):
    assert date_order(iter(values)) == order


def test_a_local_time_that_the_clocks_skip_is_the_first_after_the_gap():
    assert in_utc(datetime.fromisoformat("2026-03-29T02:30"), PARIS) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert moment("2026-03-29T02:30", zone=PARIS).at == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_local_time_that_comes_twice_is_the_first():
    assert moment("2026-10-25T02:30", zone=PARIS).at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment("2026-10-25T03:30", zone=PARIS).at == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)


def test_the_day_is_the_one_of_the_zone():
    assert moment("2026-10-03T22:30:00Z") == (datetime(2026, 10, 3, 22, 30, tzinfo=UTC), date(2026, 10, 4))


@given(
    st.datetimes(datetime.fromisoformat("1991-01-01"), datetime.fromisoformat("2026-11-01")),
    st.sampled_from(
        [
            "Europe/Paris",
            "Africa/Nairobi",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "America/St_Johns",
            "Africa/Casablanca",
        ]
    ),
)
def test_remembering_a_day_s_offset_changes_nothing(wall, name):
    found = moment(wall.isoformat(), zone=ZoneInfo(name))
    assert found.at == in_utc(wall, ZoneInfo(name))
    assert found.on == found.at.astimezone(ZoneInfo(name)).date()


# Texts


def test_texts_that_look_like_formulas_are_kept_as_they_are():
    for text in ("=1+1", "+254", "-5", "@SUM(A1)", "＝1", "\t=1", "'=1"):
        assert rating(comment=text).comment == text


def test_control_characters_go_and_line_breaks_and_tabs_stay():
    assert rating(comment="a\x00b\x07\r\nc\td\re\x85").comment == "ab\nc\td\ne"
    assert rating(employee="N-\x1f04\n12").employee == "N-04 12"


def test_a_comment_is_never_cut_and_an_endless_one_is_rejected():
    assert len(rating(comment="x" * 20_000).comment) == 20_000
    assert rating(comment="x" * 20_001).reason == "The comment is longer than 20,000 characters"
    assert rating(employee="x" * 201).reason == "The employee is longer than 200 characters"


@example("'=1")
@example("''=1")
@given(st.text(alphabet=st.one_of(st.sampled_from("'=+-@\t\r\n＝＋－＠ \"a"), st.characters()), max_size=6))
def test_inert_texts_come_back_and_start_no_formula(text):
    assert active(inert(text)) == text
    assert inert(text)[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"}


@pytest.mark.parametrize("text", ["plain", "", "a=b", "'quoted'", "3-4"])
def test_harmless_texts_are_exported_as_they_are(text):
    assert inert(text) == text


def test_equal_rows_have_equal_keys_and_others_do_not():
    row = rating(comment="a", touchpoint="b")
    assert row_key(row) == row_key(rating(external_id="R2", comment="a", touchpoint="b"))
    others = [
        rating(comment="b", touchpoint="a"),
        rating(comment="a"),
        rating(comment="a", touchpoint="b", stars="5"),
        rating(comment="a", touchpoint="b", rated_at="2026-10-03T14:22:01"),
        rating(comment="a", touchpoint="b", employee=""),
    ]
    assert len({row_key(row), *map(row_key, others)}) == 6
    assert row_key(rating(team="ab", touchpoint="c")) != row_key(rating(team="a", touchpoint="bc"))


# Guessing


def test_the_columns_of_the_till_file_are_recognised_and_the_phone_left_out():
    headers = ["emp_no", "csat", "txn_time", "remark", "till", "cust_phone"]
    rows = [["N-0412", "4", "03/10/2026 14:22", "Quick and friendly", "4", "0712 345 318"]]
    assert guess_mapping(headers, rows) == {
        "employee": "emp_no",
        "stars": "csat",
        "rated_at": "txn_time",
        "comment": "remark",
        "touchpoint": "till",
    }


def test_the_columns_of_a_help_desk_export_are_recognised():
    headers = [
        "Ticket ID",
        "Created at",
        "Assignee",
        "Group",
        "Satisfaction Score",
        "Satisfaction Comment",
        "Requester",
        "Channel",
    ]
    rows = [["881", "2026-10-03 14:22", "Amina W.", "Cards", "5", "thanks", "Jane Doe", "mail"]]
    assert guess_mapping(headers, rows) == {
        "external_id": "Ticket ID",
        "rated_at": "Created at",
        "employee": "Assignee",
        "team": "Group",
        "stars": "Satisfaction Score",
        "comment": "Satisfaction Comment",
        "channel": "Channel",
    }


def test_a_column_whose_values_do_not_fit_its_name_is_passed_over():
    assert guess_mapping(["rating", "score", "when"], [["lovely", "4", "2026-10-03"]]) == {
        "stars": "score",
        "rated_at": "when",
    }


def test_the_columns_of_a_list_of_people_are_recognised():
    headers = ["Employee ID", "Full name", "E-mail", "Department", "Reports to", "Job title", "Hire date", "Timezone"]
    rows = [["7", "Amina Wanjiru", "amina@example.org", "Tills", "9", "Cashier", "2020-02-01", "Africa/Nairobi"]]
    assert guess_mapping(headers, rows, PEOPLE_COLUMNS) == {
        "staff_number": "Employee ID",
        "name": "Full name",
        "email": "E-mail",
        "team": "Department",
        "manager": "Reports to",
        "role": "Job title",
        "started_on": "Hire date",
        "time_zone": "Timezone",
    }


@pytest.mark.parametrize(
    ("header", "values", "personal"),
    [
        ("cust_phone", [], True),
        ("Customer name", [], True),
        ("E-mail", [], True),
        ("col7", ["0712 345 678", "+254 712 345678"], True),
        ("col8", ["jane@example.org"], True),
        ("requester", ["Jane Doe", "John M. Smith"], True),
        ("requester", ["C-881"], False),
        ("agent email", ["amina@example.org"], False),
        ("txn_time", ["03/10/2026 14:22"], False),
        ("order", ["20261003142"], False),
        ("comment", ["Quick and friendly", "Thank You"], False),
        ("store name", ["Westgate"], False),
    ],
)
def test_columns_that_look_personal_are_noticed(header, values, personal):
    assert looks_personal(header, values) is personal
