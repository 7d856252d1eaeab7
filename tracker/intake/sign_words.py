"""The signs of a program in plain words, for who decides about a vote."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

WORDS = {
    "known_program": _l("It does not say which browser it is; every browser does."),
    "filled_decoy": _l("It filled in a field that nobody can see."),
    "no_page": _l("It sent the form without having loaded the page."),
    "too_quick": _l("It sent the form within a second of loading the page."),
    "no_language": _l("It wants no language; every browser wants one."),
    "no_hand": _l("Its browser says that no hand pressed the button."),
}


def signs_in_words(evidence: dict[str, Any]) -> list[str]:
    """One sentence a sign, with its figure."""
    return [_sentence(sign, evidence) for sign in evidence["signs"]]


def _sentence(sign: str, evidence: dict[str, Any]) -> str:
    if sign == "known_program" and evidence["program"]:
        return _("It calls itself “%(name)s”, which is a program.", name=evidence["program"])
    if sign == "too_soon":
        return ngettext(
            "It came %(num)d second after the mail went out.",
            "It came %(num)d seconds after the mail went out.",
            evidence["seconds_after_mail"],
        )
    if sign == "many_links":
        count = evidence["other_links"]
        return _("The same sender answered %(num)d other invitations within ten minutes.", num=count)
    return str(WORDS[sign])
