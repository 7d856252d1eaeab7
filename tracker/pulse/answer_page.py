"""The pages of one question after the other, the same for who is signed in and for who holds a slip.

Between two questions everything said travels in the form; the server keeps nothing of it, and writes nothing down.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import PUBLIC_LANGUAGES, asked_language, locale
from tracker.pulse.answer_forms import COMMENT_LENGTH, AnswerForm, Said, form_for, said_in, tidy, too_many
from tracker.pulse.answer_queries import Asked
from tracker.pulse.answering import Answers, Outcome, Voter, answer
from tracker.pulse.bank import Item
from tracker.pulse.boxes import TooLong
from tracker.pulse.codes import new_code
from tracker.pulse.keys import KeyGone

STATUS = {"thanks": 200, "answered": 409, "closed": 409, "by code": 409, "not asked": 404, "not kept": 503}


@dataclass(frozen=True)
class Door:
    """Where the steps are sent and where one leaves to; `code`: the slip, where that is the right."""

    action: str
    leave: str
    code: str | None = None

    @property
    def is_of_slip(self) -> bool:
        return self.code is not None


@dataclass(frozen=True)
class Sheet:
    """A round being answered: what was said so far, and which question is on the page."""

    asked: Asked
    door: Door
    said: Said
    place: int = 0

    @property
    def item(self) -> Item:
        return self.asked.items[self.place]

    @property
    def is_last(self) -> bool:
        return self.place + 1 == len(self.asked.items)

    def at(self, place: int) -> "Sheet":
        return replace(self, place=min(max(place, 0), len(self.asked.items) - 1))


def first_question(asked: Asked, door: Door) -> ResponseReturnValue:
    return _shown(Sheet(asked, door, Said()))


def step(asked: Asked, door: Door, voter: Voter) -> ResponseReturnValue:
    """One step of the form: on, back, past a question, the same in another language; or, at the end, into the box."""
    given = request.form
    if given.get("round", type=int) != asked.id:
        return ended("closed", door)  # the page is of a round that is over; another has opened since
    sheet = _sheet(asked, door, given)
    form = form_for(sheet.item, given)
    _take_down(sheet, form)
    match given.get("go"):
        case "stay":
            return _shown(sheet)
        case "back":
            return _shown(sheet.at(sheet.place - 1))
        case "skip":
            sheet.said.leave_out(sheet.item.key)
        case _ if not form.validate():
            return _shown(sheet, form)
    return _sent(sheet, voter) if sheet.is_last else _shown(sheet.at(sheet.place + 1))


def _sheet(asked: Asked, door: Door, given: Mapping[str, str]) -> Sheet:
    keys = [item.key for item in asked.items]
    place = keys.index(given["item"]) if given.get("item") in keys else 0
    return Sheet(asked, door, said_in(given.items(), asked.items), place)


def _take_down(sheet: Sheet, form: AnswerForm) -> None:
    """What stands on the page goes into what was said, also on the way back; what is wrong with it is said on the way on."""
    form.why.data = tidy(form.why.data or "")
    sheet.said.leave_out(sheet.item.key)
    if form.why.data:
        sheet.said.words[sheet.item.key] = form.why.data
    if form.answer.data in {value for value, _label in form.answer.choices}:
        sheet.said.numbers[sheet.item.key] = int(form.answer.data)


def _sent(sheet: Sheet, voter: Voter) -> ResponseReturnValue:
    said = sheet.said
    if not said.numbers and not said.words:
        return _again(
            sheet, answer=_("You have skipped every question. Answer one of them, or leave: then nothing is sent.")
        )
    for place, item in enumerate(sheet.asked.items):
        over = len(said.words.get(item.key, "")) - COMMENT_LENGTH
        if over > 0:
            return _again(sheet.at(place), why=too_many(over))
    code = new_code() if said.words else None
    try:
        outcome = answer(sheet.asked.id, voter, Answers(said.numbers, said.words, code))
    except TooLong as over_all:
        return _too_long(sheet, by=over_all.args[0])
    except KeyGone:
        return ended("not kept", sheet.door)
    return ended("thanks" if outcome == Outcome.KEPT else outcome.value, sheet.door, reply_code=code)


def _too_long(sheet: Sheet, *, by: int) -> ResponseReturnValue:
    """All comments together do not fit: the longest is shown, with how much of its end would have to go."""
    longest = max(sheet.said.words, key=lambda key: len(sheet.said.words[key].encode()))
    place = [item.key for item in sheet.asked.items].index(longest)
    characters, room = 0, by
    for letter in reversed(sheet.said.words[longest]):
        if room <= 0:
            break
        characters, room = characters + 1, room - len(letter.encode())
    words = ngettext(
        "All comments together are %(num)d character too long. Nothing is lost: shorten this one, and go on.",
        "All comments together are %(num)d characters too long. Nothing is lost: shorten this one, and go on.",
        characters,
    )
    return _again(sheet.at(place), why=words)


def _again(sheet: Sheet, **wrong: str) -> ResponseReturnValue:
    """A question once more, with what is wrong at its fields."""
    form = form_for(sheet.item, said=sheet.said)
    for name, words in wrong.items():
        form[name].errors = [words]
    return _shown(sheet, form)


def _shown(sheet: Sheet, form: AnswerForm | None = None) -> ResponseReturnValue:
    """The page of a question; 422 where the form that it comes with has errors."""
    shown = form or form_for(sheet.item, said=sheet.said)
    language = locale().language
    page = render_template(
        "pulse/ask.html",
        sheet=sheet,
        asked=sheet.asked,
        form=shown,
        text=sheet.item.text(language),
        text_language=language if sheet.item.texts.get(language) else "en",
        carried=sheet.said.carried(but=sheet.item.key),
        tongues=_tongues(sheet.door),
    )
    return (page, 422) if shown.errors else page


def _tongues(door: Door) -> list[tuple[str, str, str]]:
    """(code, name, where the form is sent to be shown in it): buttons, for a link would lose what was said."""
    bare = door.action.split("?")[0]
    return [(code, name, f"{bare}?language={code}") for code, name in PUBLIC_LANGUAGES.items()]


def ended(state: str, door: Door, *, reply_code: str | None = None) -> ResponseReturnValue:
    """The page after the last step, or instead of it."""
    return render_template("pulse/done.html", state=state, door=door, reply_code=reply_code), STATUS[state]


def signed_in_door() -> Door:
    kept = asked_language()
    return Door(url_for("pulse_answers.answer", language=kept), url_for("pulse_answers.pulse", language=kept))
