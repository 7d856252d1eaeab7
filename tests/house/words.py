"""What the product never says: the "Not" column of the design guide, section 5."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import inspect, select

from tracker.core.db import Model, db

NOT_SAID = re.compile(
    r"\b(targets?|benchmarks?|significant(?:ly)?|normal|underperform\w*|poor(?:ly)?|poor performers?|at risk|bottom"
    r"|interventions?|performance reviews?|disputes?|disputed|appeals?|appealed|no data|drives|causes|leaderboards?"
    r"|invalid request)\b|\bp\s*[<>≤]\s*0?\.\d",
    re.IGNORECASE,
)
# The guide allows this heading where it says at once how far it goes.
ALLOWED = re.compile(r"What drives it(?=.{0,200}a pattern, not proof)", re.IGNORECASE | re.DOTALL)


def said_all_the_same(text: str, quoted: Iterable[str] = ()) -> list[str]:
    """The words that should not be there, each with what stands around it. `quoted`: what people wrote themselves."""
    text = " ".join(ALLOWED.sub("", text).split())
    for words in sorted((" ".join(one.split()) for one in quoted), key=len, reverse=True):
        text = text.replace(words, "…")
    return [text[max(0, found.start() - 40) : found.end() + 40] for found in NOT_SAID.finditer(text)]


def written_by_people() -> set[str]:
    """Every text in the database that holds such a word: people's own, for what we say is not stored."""
    found: set[str] = set()
    for mapper in Model.registry.mappers:
        for column in inspect(mapper).columns:
            if column.type.python_type in {str, dict, list}:
                for (value,) in db.session.execute(select(column).where(column.is_not(None)).distinct()):
                    found.update(text for text in _texts(value) if NOT_SAID.search(text))
    return found


def _texts(value: Any) -> Iterable[str]:
    """The value itself, or the texts anywhere in it; a long one also line by line, as pages show it."""
    if isinstance(value, str):
        yield from (value, *value.splitlines())
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
