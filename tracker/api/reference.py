"""The OpenAPI document as something to read: one section for each request."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from tracker.api.curl import example


@dataclass(frozen=True)
class FieldLine:
    """One field of a body or an address."""

    name: str
    kind: str
    is_needed: bool
    meaning: str


@dataclass(frozen=True)
class Section:
    """One request."""

    id: str
    method: str
    path: str
    title: str
    text: str
    scope: str
    fields: list[FieldLine]
    answers: list[tuple[str, str]]
    example: str


def sections(document: dict[str, Any], *, at: datetime) -> list[Section]:
    """Every request of the document, what writes first."""
    base = document["servers"][0]["url"]
    found = [
        _section(
            document,
            path,
            method,
            operation,
            example(method.upper(), path, base=base, at=at, has_limit=_has_limit(operation)),
        )
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
    return sorted(found, key=lambda section: (section.method != "POST", section.path))


def _has_limit(operation: dict[str, Any]) -> bool:
    return any(parameter["name"] == "limit" for parameter in operation["parameters"])


def _section(document: dict[str, Any], path: str, method: str, operation: dict[str, Any], line: str) -> Section:
    return Section(
        id=f"{method}-{path.rsplit('/', 1)[-1]}",
        method=method.upper(),
        path=path,
        title=operation["summary"],
        text=" ".join(operation["description"].split()),
        scope=operation["security"][0]["token"][0],
        fields=[*_body_fields(document, operation), *map(_parameter, operation["parameters"])],
        answers=[(status, answer["description"]) for status, answer in sorted(operation["responses"].items())],
        example=line,
    )


def _parameter(parameter: dict[str, Any]) -> FieldLine:
    place = {"header": _("header"), "query": _("in the address"), "path": _("in the address")}[parameter["in"]]
    kind = _("%(kind)s, %(place)s", kind=_kind(parameter["schema"]), place=place)
    return FieldLine(parameter["name"], kind, bool(parameter.get("required")), parameter.get("description", ""))


def _body_fields(document: dict[str, Any], operation: dict[str, Any]) -> list[FieldLine]:
    if "requestBody" not in operation:
        return []
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    model = document["components"]["schemas"][reference.rsplit("/", 1)[-1]]
    needed = set(model.get("required", ()))
    return [
        FieldLine(name, _kind(schema), name in needed, schema.get("description", ""))
        for name, schema in model["properties"].items()
    ]


def _kind(schema: dict[str, Any]) -> str:
    """What may stand in a field, in a few words."""
    choices = schema.get("anyOf", [schema])
    return next(_one_kind(choice) for choice in choices if choice.get("type") != "null")


def _one_kind(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(schema["enum"])
    if "$ref" in schema:
        return _("source and external_id")
    if schema.get("format") == "date-time":
        return _("moment")
    if schema["type"] == "array":
        return _("list of: %(kind)s", kind=_kind(schema["items"]))
    kinds = {"string": _("text"), "integer": _("whole number"), "number": _("number"), "boolean": _("true or false")}
    bounds = [str(schema[name]) for name in ("minimum", "maximum") if name in schema]
    return kinds[schema["type"]] + (f" {bounds[0]}–{bounds[1]}" if len(bounds) == 2 else "")
