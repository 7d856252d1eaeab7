"""Keys of lessons and questions: made from their words once, and never changed, so that answers find their question."""

import re
import unicodedata
from collections.abc import Collection

LONGEST_KEY = 40
KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def key_from(words: str, *, taken: Collection[str], otherwise: str) -> str:
    """“Why listening?” gives why-listening, the second of that name why-listening-2. `otherwise`: when nothing is left of the words."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: LONGEST_KEY - 4].strip("-") or otherwise
    if stem not in taken:
        return stem
    return next(key for number in range(2, len(taken) + 3) if (key := f"{stem}-{number}") not in taken)


def is_key(text: str) -> bool:
    return len(text) <= LONGEST_KEY and KEY.fullmatch(text) is not None
