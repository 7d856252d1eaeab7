"""Every address of the product under whom it is for: read from the routes as they are, which refuse whoever is not in their audience."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, current_app

from tracker.core.audience import Audience
from tracker.reports.pack_audience_words import AUDIENCES, PARTS

READS = {"GET"}
NOT_COUNTED = {"HEAD", "OPTIONS"}  # come with every GET, and answer nothing else


@dataclass(frozen=True)
class Part:
    """The addresses of one part of the product for one audience: those that only read, and those that change something."""

    name: str
    reads: tuple[str, ...]
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Pages:
    """Of one audience. count: how many addresses; one that reads and changes counts twice."""

    audience: Audience
    name: str
    says: str
    parts: tuple[Part, ...]

    @property
    def count(self) -> int:
        return sum(len(part.reads) + len(part.changes) for part in self.parts)


def pages() -> list[Pages]:
    """By audience, from the widest to the narrowest; within it by name of the part."""
    found: dict[Audience, dict[str, list[tuple[str, str]]]] = {audience: defaultdict(list) for audience in AUDIENCES}
    for audience, blueprint, method, address in _routes(current_app):
        found[audience][_part_name(blueprint)].append((method, address))
    return [
        Pages(
            audience,
            str(name),
            str(says),
            tuple(_part(part, found[audience][part]) for part in sorted(found[audience])),
        )
        for audience, (name, says) in AUDIENCES.items()
    ]


def _routes(app: Flask) -> Iterator[tuple[Audience, str, str, str]]:
    """(audience, blueprint, method, address). A route that names no audience refuses everybody, and so is in no list."""
    for rule in app.url_map.iter_rules():
        audience = getattr(app.view_functions[rule.endpoint], "audience", None)
        if audience is not None:
            for method in sorted((rule.methods or set()) - NOT_COUNTED):
                yield audience, rule.endpoint.rpartition(".")[0], method, plain(rule.rule)


def plain(rule: str) -> str:
    """/people/<int:id> as /people/{id}."""
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule)


def _part_name(blueprint: str) -> str:
    return str(PARTS.get(blueprint, blueprint))


def _part(name: str, routes: list[tuple[str, str]]) -> Part:
    reads = tuple(sorted(address for method, address in routes if method in READS))
    changes = tuple(sorted(address for method, address in routes if method not in READS))
    return Part(name, reads, changes)
