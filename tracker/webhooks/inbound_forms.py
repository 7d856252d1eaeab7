"""Forms of doors: setting one up, what it means by its numbers, its secret."""

import binascii
import re
from base64 import b64decode
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from tracker.core.forms import REQUIRED, ChoiceField, Form, at_most
from tracker.intake.actions import OWN_SOURCES
from tracker.webhooks.inbound_queries import name_is_taken

KINDS = {
    "chatwoot": _l("Chatwoot"),
    "zendesk": _l("Zendesk"),
    "freshdesk": _l("Freshdesk"),
    "standard": _l("Another program (Standard Webhooks)"),
}
SCALES = (
    SelectChoice("words", _l("Words such as good and bad, helpdesks’ codes, or 1 to 5 stars")),
    SelectChoice("csat7", _l("Satisfaction, 1 to 7")),
    SelectChoice("nps", _l("Recommendation (NPS), 0 to 10")),
    SelectChoice("csat100", _l("Satisfaction, 0 to 100")),
)
SHORTEST_SECRET = 16


class DoorChangeForm(Form):
    """What can be changed of a door. Its name can’t: ratings are kept under it."""

    touchpoint = ChoiceField(_l("Touchpoint"), [Optional()], description=_l("Where these customers met you"))
    channel = ChoiceField(_l("Channel"), [Optional()], description=_l("How they were asked"))
    scale = SelectField(
        _l("What its marks mean"),
        choices=list(SCALES),
        default="words",
        description=_l("For Zendesk and Freshdesk. Chatwoot always sends 1 to 5; a Standard Webhook says it itself"),
    )

    def __init__(self, *, touchpoints: list[tuple[int, str]], channels: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.touchpoint.offer(touchpoints)
        self.channel.offer(channels)

    def given(self) -> dict[str, Any]:
        return {"touchpoint_id": self.touchpoint.data, "channel_id": self.channel.data, "scale": self.scale.data}


class DoorForm(DoorChangeForm):
    kind = SelectField(_l("Who sends?"), choices=[SelectChoice(kind, words) for kind, words in KINDS.items()])
    name = StringField(
        _l("Name"), [REQUIRED, at_most(80)], description=_l("Such as: Chatwoot. Its ratings are kept under this name")
    )

    def validate_name(self, field: StringField) -> None:
        name = field.data or ""
        if name.casefold() in OWN_SOURCES:
            raise ValidationError(_("The product itself uses this name. Choose another"))
        if not name.isprintable():
            raise ValidationError(_("Leave out line breaks and control characters"))
        if name_is_taken(name):
            raise ValidationError(_("There is a door of that name already"))


class SecretForm(Form):
    secret = StringField(
        _l("Secret"), [Optional(), at_most(200)], render_kw={"autocomplete": "off", "spellcheck": "false"}
    )

    def __init__(self, *, kind: str, is_ours: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._kind, self._is_ours = kind, is_ours

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """An empty field is fine where we make the secret; an Optional() would skip the checks below."""
        if not super().validate(*args, **kwargs):
            return False
        problem = self._problem(self.secret.data or "")
        if problem:
            self.secret.errors = [problem]
        return not problem

    def _problem(self, secret: str) -> str:
        if not secret:
            return "" if self._is_ours else _("Paste the secret that the helpdesk shows")
        if len(secret) < SHORTEST_SECRET or not re.fullmatch(r"[\x21-\x7e]+", secret):
            return _("A secret has 16 characters or more, without spaces")
        if self._kind == "standard" and not _is_standard(secret):
            return _("A secret of Standard Webhooks is whsec_ followed by base64")
        return ""


def _is_standard(secret: str) -> bool:
    try:
        return len(b64decode(secret.removeprefix("whsec_"), validate=True)) >= SHORTEST_SECRET
    except (binascii.Error, ValueError):
        return False
