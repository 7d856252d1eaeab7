"""Which column of a stranger's file goes where: a first guess for a person to check."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from tracker.intake.column_names import CUSTOMER_WORDS, NAME_WORDS, PERSONAL_WORDS, RATING_COLUMNS, STAFF_WORDS
from tracker.intake.dates import NAMED, NUMERIC
from tracker.intake.mark_words import is_word

Scale = Literal["stars", "nps", "csat7", "csat100", "words"]

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]{2,}")
PHONE = re.compile(r"(?:\+|0)[\d ()./•*-]{8,20}")
PERSON_NAME = re.compile(r"(?:(?:Mr|Mrs|Ms|Dr)\.? )?[A-Z][\w'’-]+(?: [A-Z]\.?)?(?: [A-Z][\w'’-]+){1,3}")
NUMBER = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(%|stars?|/\s*\d+)?\s*", re.IGNORECASE)
STARS = re.compile(r"\s*[★⭐☆]{1,5}\s*")


def guess_mapping(
    headers: Sequence[str],
    sample_rows: Iterable[Sequence[str]],
    columns: Mapping[str, tuple[str, ...]] = RATING_COLUMNS,
) -> dict[str, str]:
    """Return {field: header} for those fields a header names; each header is used once.

    `columns` holds the names known for each field: RATING_COLUMNS or PEOPLE_COLUMNS. A column whose values cannot be
    what the name says (a "score" without numbers) is passed over, and so is a customer column that looks personal.
    """
    rows = list(sample_rows)
    values = {header: [row[i] for row in rows if i < len(row) and row[i].strip()] for i, header in enumerate(headers)}
    known = {plain_words(header): header for header in reversed(headers)}
    mapping: dict[str, str] = {}
    for field, names in columns.items():
        for name in (field.replace("_", " "), *names):
            header = known.get(name)
            if header and header not in mapping.values() and _fits(field, header, values[header]):
                mapping[field] = header
                break
    if "rated_at" in columns and "rated_at" not in mapping:
        mapping |= _only_column_of_dates(values, taken=set(mapping.values()))
    return mapping


def plain_words(header: str) -> str:
    """Turn emp_no, EmpNo and "Emp. no" into the same words."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return " ".join(re.findall(r"[^\W_]+", spaced.casefold()))


def looks_personal(header: str, values: Iterable[str]) -> bool:
    """Say whether a column seems to hold a customer's phone, address or name, and so is left out unless asked for."""
    words = set(plain_words(header).split())
    if words & STAFF_WORDS:
        return False
    if words & PERSONAL_WORDS or (words & NAME_WORDS and words & (CUSTOMER_WORDS | {"first", "last"})):
        return True
    filled = [value.strip() for value in values if value.strip()]
    return _share(filled, _is_contact) >= 0.3 or (
        bool(words & CUSTOMER_WORDS) and _share(filled, lambda value: bool(PERSON_NAME.fullmatch(value))) >= 0.3
    )


def guess_scale(values: Iterable[str]) -> Scale:
    """Guess the scale from its values: the smallest that holds 19 in 20 of the numbers, so that a slip is no matter."""
    values = [value for value in values if value.strip()]
    if values and _share(values, is_word) >= 0.5:
        return "words"
    found = [(NUMBER.fullmatch(value), value) for value in values if not STARS.fullmatch(value)]
    if any(number and number[2] == "%" for number, _ in found):
        return "csat100"
    numbers = [float(number[1].replace(",", ".")) for number, _ in found if number]
    scales: tuple[tuple[Scale, int, int], ...] = (("stars", 1, 5), ("csat7", 1, 7), ("nps", 0, 10))
    for scale, low, high in scales:
        if sum(low <= number <= high for number in numbers) >= 0.95 * len(numbers):
            return scale
    return "csat100"


def _fits(field: str, header: str, values: list[str]) -> bool:
    if field == "stars":
        return (
            _share(
                values, lambda value: bool(NUMBER.fullmatch(value) or STARS.fullmatch(value) or is_word(value)), empty=1
            )
            >= 0.5
        )
    if field in {"rated_at", "started_on", "ended_on"}:
        return _share(values, _is_date, empty=1) >= 0.5
    return field != "customer" or not looks_personal(header, values)


def _only_column_of_dates(values: dict[str, list[str]], taken: set[str]) -> dict[str, str]:
    found = [header for header, texts in values.items() if header not in taken and _share(texts, _is_date) >= 0.9]
    return {"rated_at": found[0]} if len(found) == 1 else {}


def _share(values: Sequence[str], holds: Callable[[str], bool], empty: float = 0) -> float:
    return sum(map(holds, values)) / len(values) if values else empty


def _is_date(value: str) -> bool:
    value = value.strip()
    return bool(
        NUMERIC.fullmatch(value)
        or NAMED.fullmatch(value)
        or re.fullmatch(r"\d{4}-\d{2}-\d{2}([T ].*)?|1\d{9}|1\d{12}|(?:19|20)\d{6}", value)
    )


def _is_contact(value: str) -> bool:
    if EMAIL.fullmatch(value):
        return True
    marks = sum(character.isdigit() or character in "•*" for character in value)
    return bool(PHONE.fullmatch(value)) and 9 <= marks <= 15 and not _is_date(value)
