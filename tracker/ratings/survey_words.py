"""An answer in words: those behind the fixed codes, and those of the question it was given to, for whoever reads them."""

from flask_babel import gettext as _

from tracker.core.language import locale
from tracker.ratings.models import Rating
from tracker.ratings.rules import LOW_STARS
from tracker.ratings.surveys import answer_words


def emotion_word(code: str) -> str:
    """How it left the customer feeling."""
    words = {
        "cared_for": _("cared for"),
        "at_ease": _("at ease"),
        "delighted": _("delighted"),
        "rushed": _("rushed"),
        "confused": _("confused"),
        "frustrated": _("frustrated"),
    }
    return words.get(code, code)


def effort_word(value: int) -> str:
    """How easy it was, 1 to 5."""
    words = (_("Very difficult"), _("Difficult"), _("Neither"), _("Easy"), _("Very easy"))
    return words[value - 1]


def about(rating: Rating) -> str | None:
    """What the customer named, in the words of the question they answered; None when they named nothing.

    The rating's `survey` must be loaded."""
    content = rating.survey.content if rating.survey else None
    words = answer_words(rating.drivers, stars=rating.stars, content=content, language=locale().language)
    if not words:
        return None
    named = " · ".join(words)
    if rating.stars <= LOW_STARS:
        return _("Could be better: %(named)s", named=named)
    return _("Went well: %(named)s", named=named)


def effort(rating: Rating) -> str | None:
    """How easy it was, when that was asked and answered."""
    return _("How easy it was: %(word)s", word=effort_word(rating.effort)) if rating.effort else None
