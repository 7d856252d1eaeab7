"""Everything that somebody can open: every GET route with every id that matters, without a browser."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from flask import Flask

# What differs between two loads of the same page: the form token, the key of an empty form, and what Flask-Login keeps fresh.
TOKEN = re.compile(r'(name="(?:csrf_token|key)"[^>]* value=")[^"]*')
# Only in /healthz/ready: when the timetable last ran.
BEAT = re.compile(r'("timetable(?:_last_ran_at)?":|"status":)\s*"[^"]*"')


@dataclass(frozen=True)
class Seen:
    """One answer: its status, and its text without what changes at every load."""

    status: int
    text: str


def everything(app: Flask, browser: Any, values: Mapping[str, Iterable[Any]]) -> dict[str, Seen]:
    """Address -> what came of it. `values`: the values to try for each kind of argument (its name in the route)."""
    return {url: _seen(browser.get(url)) for url in addresses(app, values)}


def addresses(app: Flask, values: Mapping[str, Iterable[Any]]) -> list[str]:
    """Every address of every GET route; a route with arguments once for each choice of their values."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint == "static":
            continue
        names = sorted(rule.arguments)
        given = (dict(zip(names, chosen, strict=True)) for chosen in product(*(values[name] for name in names)))
        found += [app.url_map.bind("localhost").build(rule.endpoint, arguments) for arguments in given]
    return sorted(found)


def _seen(answer: Any) -> Seen:
    return Seen(answer.status_code, BEAT.sub(r"\1", TOKEN.sub(r"\1", answer.text)))


def new_lines(before: Mapping[str, Seen], after: Mapping[str, Seen]) -> dict[str, list[str]]:
    """Address -> lines that were not there before; pages that have not changed are left out."""
    return {
        url: [line for line in _rows(seen) if line not in _rows(before[url])]
        for url, seen in after.items()
        if url in before and before[url] != seen
    }


def _rows(seen: Seen) -> list[str]:
    """A page in lines, with each row of a table or list on a line of its own."""
    return [line.strip() for line in re.sub(r"(?=<tr>|<li>)|(?<=</tr>)|(?<=</li>)", r"\n", seen.text).splitlines()]
