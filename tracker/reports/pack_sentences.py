"""The pack in a few sentences, each counted from its own parts."""

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.language import long_month
from tracker.reports.pack import Pack
from tracker.reports.pack_rights import Right, relations_with


def in_short(pack: Pack) -> list[str]:
    """What a reader has to know who reads no further."""
    return [_kept(pack), _not_measured(pack), _rights(pack), _log(pack)]


def _kept(pack: Pack) -> str:
    own = [fact for theme in pack.kept if theme.is_own for fact in theme.facts]
    return _(
        "%(count)s kinds of fact are kept on, or worked out for, each person who works here. They read all of them about themselves; "
        "%(good)s are kept for good.",
        count=len(own),
        good=sum(fact.is_for_good for fact in own),
    )


def _not_measured(pack: Pack) -> str:
    holding = sum(one.holds for one in pack.denials)
    if holding == len(pack.denials):
        return ngettext(
            "The %(num)d sentence on what is not measured holds here.",
            "All %(num)d sentences on what is not measured hold here.",
            holding,
        )
    return _(
        "Of %(all)s sentences on what is not measured, %(holding)s hold here; the others are marked.",
        all=len(pack.denials),
        holding=holding,
    )


def _rights(pack: Pack) -> str:
    rights = [one for area in pack.rights for one in area.rights]
    nobodys = sum(not any(relations_with(one.cells, letter) for letter in "ATG") for one in rights)
    return _(
        "Of %(all)s rights, who leads a person has %(leads)s, %(dated)s of them only for what dates from the present leadership; HR has "
        "%(hr)s, and administrators have %(admins)s. %(nobodys)s are nobody’s.",
        all=len(rights),
        leads=_open_to(rights, "mgr_now", "AT"),
        dated=_open_to(rights, "mgr_now", "T"),
        hr=_open_to(rights, "hr", "A"),
        admins=_open_to(rights, "admin", "A"),
        nobodys=nobodys,
    )


def _open_to(rights: list[Right], relation: str, letters: str) -> int:
    return sum(one.cells.get(relation) in set(letters) for one in rights)


def _log(pack: Pack) -> str:
    months = pack.log.months
    return _("The log is shown from %(first)s to %(last)s.", first=long_month(months[0]), last=long_month(months[-1]))
