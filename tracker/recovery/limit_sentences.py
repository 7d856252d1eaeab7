"""What may be given on the spot, and what was, in words."""

from flask_babel import gettext as _

from tracker.recovery.giving_form import KINDS, money
from tracker.recovery.giving_rules import Purse
from tracker.recovery.limit_models import Given, GivingLimit
from tracker.recovery.limit_queries import Amount, Holds


def own(amount: int | None, currency: str | None) -> str:
    """To whoever it is the limit of."""
    if amount is None or currency is None:
        return _("Nothing is written down about what you may give a customer without asking. Ask whoever leads you.")
    if amount == 0:
        return _("Ask whoever leads you before you give a customer anything of worth. An apology needs no asking.")
    return _(
        "You may give a customer up to %(amount)s for one complaint without asking.", amount=money(amount, currency)
    )


def in_this_case(purse: Purse) -> str:
    """The same beside a complaint, with what was given there before."""
    said = own(purse.limit, purse.currency)
    if not purse.already or purse.currency is None:
        return said
    already = money(purse.already, purse.currency)
    return _("%(limit)s %(already)s were given in it so far without asking.", limit=said, already=already)


def given(row: Given) -> str:
    """What was given, and who decided it."""
    if row.agreed_by is not None:
        return _("%(what)s. %(name)s agreed.", what=what(row), name=row.agreed_by.name)
    if row.is_within and row.own_limit is not None and row.currency is not None:
        limit = money(row.own_limit, row.currency)
        return _("%(what)s. Within the own limit of %(limit)s, nobody was asked.", what=what(row), limit=limit)
    return _("%(what)s.", what=what(row))


def what(row: Given) -> str:
    if row.worth is None or row.currency is None:
        return str(KINDS[row.kind])
    return _("%(what)s, worth %(amount)s", what=str(KINDS[row.kind]), amount=money(row.worth, row.currency))


def amount(value: int | None, currency: str | None) -> str:
    if value is None or currency is None:
        return _("nothing set")
    return money(value, currency) if value else _("asks first")


def origin(holds: Holds) -> str | None:
    """Where a team's amounts come from; None where nothing is set."""
    staff, leads = _origin(holds.staff), _origin(holds.leads)
    if staff and leads and staff != leads:
        return _("staff %(staff)s; who leads %(leads)s", staff=staff, leads=leads)
    return staff or leads


def _origin(found: Amount | None) -> str | None:
    if found is None:
        return None
    if found.is_own:
        return _("set here")
    return _("as for %(team)s", team=found.above) if found.above else _("as for the whole company")


def chosen(row: GivingLimit) -> str:
    """One line of the history."""
    return _(
        "Staff: %(staff)s. Who leads: %(leads)s.",
        staff=_choice(row.staff, row),
        leads=_choice(row.leads, row),
    )


def _choice(value: int | None, row: GivingLimit) -> str:
    if value is None:
        return _("nothing set") if row.team_id is None else _("as above the team")
    return amount(value, row.currency)


def told_title(now: int | None) -> str:
    if now is None:
        return _("What you may give a customer is not set any more")
    return _("What you may give a customer without asking")
