"""What a survey asks, as plain data with its meaning: which drivers in which words, which feelings, effort, a comment."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.ratings.drivers import ASKED, Words, default_words
from tracker.ratings.rules import EMOTIONS, LOW_STARS

STAGES = tuple(ASKED)
MOST_DRIVERS = 8  # more is no longer read between two customers
FALLBACK = "en"
EFFORTS = (1, 2, 3, 4, 5)  # very difficult to very easy


@dataclass(frozen=True)
class Survey:
    """The content of a version, ready to read. `content` is plain JSON:

    {"question": {language: text} or {}, "drivers": [{"key", "praise": {language: text}, "wish": {...}}],
     "emotions": [code], "effort": bool, "comment": bool}
    """

    content: Mapping[str, Any]

    def question(self, language: str) -> str | None:
        """The company's own question; None where the page asks in the product's words."""
        return _in(self.content["question"], language) if self.content["question"] else None

    @property
    def keys(self) -> list[str]:
        return [driver["key"] for driver in self.content["drivers"]]

    @property
    def emotions(self) -> list[str]:
        return list(self.content["emotions"])

    @property
    def asks_effort(self) -> bool:
        return bool(self.content["effort"])

    @property
    def asks_comment(self) -> bool:
        return bool(self.content["comment"])

    def praises(self, language: str) -> list[tuple[str, str]]:
        """(key, words) of what may have gone well, in the order they are asked."""
        return [(driver["key"], _in(driver["praise"], language)) for driver in self.content["drivers"]]

    def wishes(self, language: str) -> list[tuple[str, str]]:
        """(key, words) of what could be better."""
        return [(driver["key"], _in(driver["wish"], language)) for driver in self.content["drivers"]]

    def words_of(self, key: str) -> Words | None:
        """How this version words a driver; None when it does not ask about it."""
        found = next((driver for driver in self.content["drivers"] if driver["key"] == key), None)
        return {"praise": found["praise"], "wish": found["wish"]} if found else None


def default_survey(stage: str) -> Survey:
    """What a stage asks until somebody changes it: the first version."""
    drivers = [{"key": key, **(default_words(key) or {})} for key in ASKED[stage]]
    asks_effort = stage == "post_purchase"  # how easy it was tells most where something is to be solved
    return Survey(
        {"question": {}, "drivers": drivers, "emotions": list(EMOTIONS), "effort": asks_effort, "comment": True}
    )


def answer_words(keys: Sequence[str], *, stars: int, content: Mapping[str, Any] | None, language: str) -> list[str]:
    """What an answer named, in the words it was asked in.

    An answer without a version was asked in the product's first words; a theme that came by file stands as it was written."""
    tone = "wish" if stars <= LOW_STARS else "praise"
    survey = Survey(content) if content else None
    found = ((key, (survey.words_of(key) if survey else None) or default_words(key)) for key in keys)
    return [_in(words[tone], language) if words else key for key, words in found]


def key_from(name: str) -> str:
    """A stable key made from a driver's name: “Café & bar” gives cafe_bar. Empty when the name holds no letter or digit."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_")


def _in(words: Mapping[str, str], language: str) -> str:
    return words.get(language) or words[FALLBACK]
