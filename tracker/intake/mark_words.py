"""Ratings written as words: what helpdesks export instead of numbers, and the stars each stands for.

Two steps (good, bad) become the two ends; three steps the ends and the middle; seven steps as the scale from 1 to 7 does.
The word itself is kept beside the stars.
"""

_STARS = {
    5: (
        # Zendesk, Odoo, FreeScout and Help Scout, Freshdesk and its codes, in English, French and Swahili
        "good, good with comment, satisfied, great, highly satisfied, very satisfied, extremely happy, 103, excellent, "
        "very good, positive, 👍, 😍, 😀, bon, satisfait, satisfaite, très satisfait, très satisfaite, excellente, génial, "
        "nzuri, nzuri sana, vizuri sana, bora, nimeridhika, nimeridhika sana"
    ),
    4: "happy, very happy, 101, 102, quite good, 🙂, 😊, assez bien, bien, vizuri",
    3: "okay, ok, neutral, 100, average, fair, neither satisfied nor dissatisfied, 😐, 😑, moyen, correct, neutre, wastani, sawa",
    2: "unhappy, very unhappy, -101, -102, poor, 🙁, ☹, 😞, plutôt mauvais, si nzuri",
    1: (
        "bad, bad with comment, dissatisfied, highly dissatisfied, very dissatisfied, not good, extremely unhappy, -103, "
        "terrible, very bad, very poor, negative, 👎, 😡, 😠, mauvais, insatisfait, insatisfaite, très insatisfait, "
        "très insatisfaite, très mauvais, mbaya, mbaya sana, sijaridhika"
    ),
}
MARK_WORDS = {word.strip(): stars for stars, words in _STARS.items() for word in words.split(",")}
# The customer was asked; there is no answer to store.
_NO_ANSWER = "offered, unoffered, not rated, not rated yet, no rating, no response, no answer, pending, none, sans réponse, hakuna"
UNANSWERED = frozenset(_NO_ANSWER.split(", "))


def plain(text: str) -> str:
    """A word as the table has it: without case, underscores, variation selectors and doubled blanks."""
    return " ".join(text.replace("_", " ").replace("\ufe0f", "").casefold().split())


def is_word(text: str) -> bool:
    """Whether it is one of the words, or says that there is no answer. A bare number is none."""
    word = plain(text)
    return not word.lstrip("-").isdigit() and (word in MARK_WORDS or word in UNANSWERED)
