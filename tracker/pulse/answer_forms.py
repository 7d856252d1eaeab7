"""What travels in the form from question to question: every answer so far. Nothing of it is kept before the last step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from unicodedata import category

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, TextAreaField, ValidationError

from tracker.core.errors import Invalid
from tracker.core.forms import Form
from tracker.pulse.bank import HIGHEST, LOWEST, RECOMMENDING, Item

COMMENT_LENGTH = 600  # characters; in all they must fit into a box
KEPT = {"\n", "\u200c", "\u200d"}  # the last two: what keeps letters apart, and what joins them
UNSEEN = {"Cc", "Cf", "Cs"}
NUMBER, WORDS = "answer-", "words-"  # before the key of a question, in the names of what is carried along
AGREEMENT_WORDS = {
    5: _l("Agree strongly"),
    4: _l("Agree"),
    3: _l("In between"),
    2: _l("Disagree"),
    1: _l("Disagree strongly"),
}


@dataclass
class Said:
    """Answers so far: question -> number as it was clicked, question -> words. What was skipped is in neither."""

    numbers: dict[str, int] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def leave_out(self, key: str) -> None:
        self.numbers.pop(key, None)
        self.words.pop(key, None)

    def carried(self, *, but: str) -> list[tuple[str, str]]:
        """Names and values of the hidden fields of every question but the one that is on the page."""
        numbers = [(NUMBER + key, str(number)) for key, number in self.numbers.items() if key != but]
        return numbers + [(WORDS + key, words) for key, words in self.words.items() if key != but]


class NumberField(RadioField):  # type: ignore[misc]  # WTForms is untyped
    """One of the steps of a scale, or none."""

    def pre_validate(self, _form: Form) -> None:
        if self.data is not None and self.data not in {option.data for option in self}:
            raise ValidationError(_("Choose one from the list"))


class AnswerForm(Form):
    """The question on the page."""

    answer = NumberField(_l("Your answer"), choices=[])
    why = TextAreaField(_l("Want to say why?"))

    def validate_why(self, why: TextAreaField) -> None:
        over = len(why.data or "") - COMMENT_LENGTH
        if over > 0:
            raise ValidationError(too_many(over))

    def validate(self, extra_validators: object = None) -> bool:
        """It must say something: who wants to say nothing skips the question."""
        is_fine: bool = super().validate(extra_validators)
        if is_fine and self.answer.data is None and not self.why.data:
            self.answer.errors = [_("Choose an answer, or skip the question.")]
            return False
        return is_fine


def too_many(characters: int) -> str:
    return ngettext(
        "This is %(num)d character too long. Nothing is lost: shorten it and go on.",
        "This is %(num)d characters too long. Nothing is lost: shorten it and go on.",
        characters,
    )


def form_for(item: Item, given: Mapping[str, str] | None = None, said: Said | None = None) -> AnswerForm:
    """The form of a question: as it was sent (`given`), or filled with what was said before."""
    if given is not None:
        form = AnswerForm(formdata=MultiDict({name: given[name] for name in ("answer", "why") if name in given}))
    else:
        before = said or Said()
        number = before.numbers.get(item.key)
        form = AnswerForm(
            formdata=None,
            data={"answer": None if number is None else str(number), "why": before.words.get(item.key, "")},
        )
    form.answer.choices = choices_of(item)
    return form


def choices_of(item: Item) -> list[tuple[str, str]]:
    if item.scale == RECOMMENDING:
        return [(str(step), str(step)) for step in range(LOWEST[item.scale], HIGHEST[item.scale] + 1)]
    return [(str(number), str(words)) for number, words in AGREEMENT_WORDS.items()]


def said_in(given: Iterable[tuple[str, str]], items: Iterable[Item]) -> Said:
    """What a form carries along. Invalid where it names another question, or a number that is not on its scale."""
    by_key = {item.key: item for item in items}
    said = Said()
    for name, value in given:
        if name.startswith(NUMBER):
            said.numbers[name.removeprefix(NUMBER)] = _number(by_key.get(name.removeprefix(NUMBER)), value)
        elif name.startswith(WORDS):
            if name.removeprefix(WORDS) not in by_key:
                raise Invalid(_not_of_this_round())
            if words := tidy(value):
                said.words[name.removeprefix(WORDS)] = words
    return said


def _number(item: Item | None, value: str) -> int:
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 3 else -1
    if item is None or not item.takes(number):
        raise Invalid(_not_of_this_round())
    return number


def _not_of_this_round() -> str:
    return _("This round does not ask that. Go back to Pulse and begin again; nothing was kept.")


def tidy(words: str) -> str:
    """As it is kept: without white space around it, lines ended alike, every kind of space a plain one, and nothing that cannot be
    seen, but for what joins letters and emoji."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(map(_seen, lines)).strip()


def _seen(letter: str) -> str:
    if letter in KEPT:
        return letter
    if letter.isspace():
        return " "
    return "" if category(letter) in UNSEEN else letter
