"""The board in words: whole sentences, one for each case."""

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.audience import Viewer
from tracker.core.language import moment, number
from tracker.home.board import Board, BoardRow
from tracker.ratings.sentences import gap_sentence, theme_sentence
from tracker.recovery.models import RecoveryCase
from tracker.recovery.sentences import state


def board_headline(board: Board) -> str:
    """Who to talk to this week, in one line."""
    if not board.rows:
        return _("Nobody is in this team yet")
    if not board.to_talk_to and not board.to_thank:
        return _("Nobody needs a talk this week") if board.with_score else _("Too early to say")
    sentence = _talks_and_thanks(board.to_talk_to, board.to_thank)
    return sentence[0].upper() + sentence[1:]


def _talks_and_thanks(talks: int, thanks: int) -> str:
    values = {"talks": in_words(talks), "thanks": in_words(thanks)}
    if not talks:
        return ngettext(
            "one person has a thank-you coming", "%(thanks)s people have a thank-you coming", thanks, **values
        )
    if not thanks:
        return ngettext("one person could use a talk", "%(talks)s people could use a talk", talks, **values)
    if thanks == 1:
        return ngettext(
            "one person could use a talk, and one a thank-you",
            "%(talks)s people could use a talk, and one a thank-you",
            talks,
            **values,
        )
    return ngettext(
        "one person could use a talk, and %(thanks)s a thank-you",
        "%(talks)s people could use a talk, and %(thanks)s a thank-you",
        talks,
        **values,
    )


def about_complaint(case: RecoveryCase, board: Board, viewer: Viewer) -> str:
    """Where it stands, of which team where it is another, and who takes care of it."""
    parts = [state(case, viewer.at)]
    if case.team is not None and case.team_id != board.team.id:
        parts.append(case.team.name)
    if case.owner is not None:
        parts.append(_("you") if case.owner_id == viewer.person_id else case.owner.name)
    return " · ".join(parts)


def in_words(count: int) -> str:
    """One to nine as words, more as digits."""
    words = [
        _("none"),
        _("one"),
        _("two"),
        _("three"),
        _("four"),
        _("five"),
        _("six"),
        _("seven"),
        _("eight"),
        _("nine"),
    ]
    return words[count] if count < len(words) else number(count, 0)


def reasons(row: BoardRow, viewer: Viewer) -> list[str]:
    """Why this person stands in the list: what happened, what low ratings share, and how far the talk is."""
    found = [_first_reason(row)]
    if row.theme:
        found.append(theme_sentence(*row.theme))
    elif row.figures and row.figures.stored["gap"]:
        found.append(gap_sentence(row.person.first_name))
    if row.figures and row.figures.team_fall:
        found.append(_("The whole team fell in these weeks, so look at the work first."))
    is_set = row.next_talk and row.next_talk.starts_at > viewer.at
    if row.case and not (is_set and row.theme):  # a talk that is set stands beside the list as well
        found.append(_state_of_talk(row, viewer))
    return found


def _first_reason(row: BoardRow) -> str:
    if row.concern == "thanks":
        return _("Above the expected range. Ask what works, and say thanks.")
    if row.figures and row.figures.mark == "inside":
        return _("Inside the expected range again, after a harder few weeks.")
    if row.figures and row.figures.mark == "below" and row.figures.is_rising:
        return _("Below the expected range, but rising.")
    if row.concern == "watch":
        return _("Somewhat lower than expected. That can be chance; a word may help.")
    return _("Below what was expected in the last weeks.")


def _state_of_talk(row: BoardRow, viewer: Viewer) -> str:
    if row.next_talk and row.next_talk.starts_at > viewer.at:
        return _("The talk is on %(when)s.", when=moment(row.next_talk.starts_at))
    if row.next_talk:
        return _("The talk of %(when)s is not written up yet.", when=moment(row.next_talk.starts_at))
    days = (viewer.at - row.case.shares_at).days if row.case else 0
    if days < 1:
        return _("No talk is set yet.")
    return ngettext("The talk has been waiting for %(num)d day.", "The talk has been waiting for %(num)d days.", days)
