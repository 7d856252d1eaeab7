"""How every command speaks: JSON on standard output, progress and warnings on standard error; exit 0 done, 1 refused, 2 usage."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from tracker.core.errors import DomainError

as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON on standard output.")


def refusing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a refusal into one sentence on standard error and exit code 1."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (DomainError, ValueError) as refusal:
            raise click.ClickException(str(refusal)) from None
        except (OperationalError, ProgrammingError) as problem:
            name = type(problem).__name__
            sentence = (
                f"The database cannot be used ({name}). Check DATABASE_URL, and run: flask --app tracker db upgrade"
            )
            raise click.ClickException(sentence) from None

    return run


def answer(value: Any, text: str, *, as_json: bool) -> None:
    """The result, for a program or for a person."""
    click.echo(json.dumps(value, ensure_ascii=False, default=_plain) if as_json else text)


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


class Day(click.ParamType[date]):
    """A date such as 2026-11-16."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}” is not a date; write it as 2026-11-16", param, ctx)


class Moment(click.ParamType[datetime]):
    """A time such as 2026-11-16T08:00+03:00; without an offset it is UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}” is not a time; write it as 2026-11-16T08:00+03:00", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


DAY, MOMENT = Day(), Moment()
