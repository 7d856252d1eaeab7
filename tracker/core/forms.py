"""Forms: the base class, and fields that every package needs. The API and file doors validate by the same rules."""

import hashlib
import re
import secrets
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput

REQUIRED = DataRequired(_l("Fill this in"))
KEY = re.compile(r"[0-9a-f]{32}")


def at_most(length: int) -> Length:
    return Length(max=length, message=_l("Use %(max)d characters at most"))


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """A form whose text fields come back stripped of the white space around them."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF is untyped
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            if unbound_field.field_class.__name__ in {"StringField", "TextAreaField", "EmailField", "SearchField"}:
                options = {**options, "filters": [*unbound_field.kwargs.get("filters", ()), _stripped]}
            return unbound_field.bind(form=form, **options)


def named_problem(field: Any) -> str:
    """The first problem of a field as one line that can stand alone: “Reason: Fill this in”, “By when? Choose a day”."""
    label, problem = str(field.label.text), str(field.errors[0])
    if label.endswith(("?", "!", ".", ":")):
        return f"{label} {problem}"
    return str(_("%(field)s: %(problem)s", field=label, problem=problem))


def _stripped(value: Any) -> Any:
    """Without NUL characters too: nobody types one, and PostgreSQL refuses the whole statement."""
    return value.replace("\x00", "").strip() if isinstance(value, str) else value


class OnceForm(Form):
    """A form that is made with a key while it is empty, so that two clicks on its button are one."""

    key = HiddenField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not KEY.fullmatch(self.key.data or ""):
            self.key.data = secrets.token_hex(16)

    def sent_as(self) -> str:
        """32 characters that stand for this form and what it says: other words, from a page one went back to, are another entry."""
        said = sorted((field.short_name, str(field.data)) for field in self if field.short_name != "csrf_token")
        return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


class ChoiceField(SelectField):  # type: ignore[misc]  # WTForms is untyped
    """A select of ids with an empty first line; empty comes back as None."""

    def __init__(self, label: Any, validators: Any, *, empty: Any = "", **kwargs: Any) -> None:
        self._empty = empty
        super().__init__(label, validators, coerce=_id_or_none, choices=[], **kwargs)

    def offer(self, choices: list[tuple[int, str]]) -> None:
        """What can be chosen: (id, name) each."""
        self.choices = [SelectChoice("", self._empty), *(SelectChoice(str(id), name) for id, name in choices)]

    def pre_validate(self, _form: Any) -> None:
        if self.data is not None and str(self.data) not in {choice.value for choice in self.choices}:
            raise ValidationError(_("Choose one from the list"))


class OneField(RadioField):  # type: ignore[misc]  # WTForms is untyped
    """One of the choices; what was never offered is refused in words of ours, which all languages have."""

    def pre_validate(self, form: Any) -> None:
        if str(self.data) not in {choice.value for choice in self.choices}:
            raise ValidationError(_("Choose one from the list"))


class TicksField(SelectMultipleField):  # type: ignore[misc]  # WTForms is untyped
    """Several checkboxes of one name."""

    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        if set(self.data or []) - {choice.value for choice in self.choices}:
            raise ValidationError(_("Choose from the list"))


def _id_or_none(value: Any) -> int | None:
    return int(value) if value not in {None, "", "None"} else None
