"""Which deeds of the audit are an office’s, done for the company: these are counted however few did them. All others are somebody’s own."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

# Heading -> what the keys of its actions begin with, or whole keys.
OF_OFFICE: tuple[tuple[LazyString, tuple[str, ...]], ...] = (
    (_l("Files taken out of the product"), ()),  # by how their keys end
    (
        _l("Settings and rules changed"),
        (
            *("settings.", "fall_settings.", "coaching.turns_set", "pulse.cadence_set", "survey.edited", "driver."),
            *("holiday.", "complaint_owners.", "giving_limit.", "organisation.started"),
        ),
    ),
    (_l("Roles, leaders and deputies"), ("role.", "team.")),
    (
        _l("Who else was let in or told"),
        ("api_token.", "webhook.", "webhook_door.", "terminal.made", "terminal.paired", "terminal.revoked", "kiosk."),
    ),
    (_l("Break-glass"), ("break_glass.",)),
)
FILE_TAKEN = ".exported"
NOT_OF_OFFICE = ("kiosk.left",)  # done by whoever stands there
