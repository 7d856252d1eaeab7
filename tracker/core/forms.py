"""Forms: the base class, and fields that every package needs. The API and file doors validate by the same rules."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import DataRequired, Length

REQUIRED = DataRequired(_l("Fill this in"))


def at_most(length: int) -> Length:
    return Length(max=length, message=_l("Use %(max)d characters at most"))


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """A form whose text fields come back stripped of the white space around them."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF is untyped
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            if unbound_field.field_class.__name__ in {"StringField", "TextAreaField", "EmailField", "SearchField"}:
                options = {**options, "filters": [*unbound_field.kwargs.pop("filters", ()), _stripped]}
            return unbound_field.bind(form=form, **options)


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


class ChoiceField(SelectField):  # type: ignore[misc]  # WTForms is untyped
    """A select of ids with an empty first line; empty comes back as None."""

    def __init__(self, label: Any = None, validators: Any = None, *, empty: Any = "", **kwargs: Any) -> None:
        self.empty = empty
        super().__init__(label, validators, coerce=_id_or_none, validate_choice=True, **kwargs)

    def offer(self, choices: list[tuple[int, str]]) -> None:
        self.choices = [("", self.empty), *[(str(value), label) for value, label in choices]]

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and str(self.data) not in {str(value) for value, _label in self.choices}:
            raise ValueError(self.gettext("Choose one from the list"))

    def iter_choices(self) -> Any:
        chosen = "" if self.data is None else str(self.data)
        for value, label in self.choices:
            yield value, label, value == chosen, {}


def _id_or_none(value: Any) -> int | None:
    return int(value) if value not in (None, "", "None") else None
