"""The form of somebody's roles."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.core.forms import Form


class RolesForm(Form):
    roles = SelectMultipleField(
        _l("Beyond one’s own work"),
        choices=[
            SelectChoice("hr", _l("HR: people and teams")),
            SelectChoice("admin", _l("Admin: that, and settings, files and roles")),
        ],
        description=_l("Leading a team needs no role: it follows from the team’s page."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
