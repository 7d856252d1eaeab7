"""The law of layers: a package imports only from layers beneath it, and leaves other packages' routes and jobs alone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = {
    "core": 0,
    "statistics": 0,
    "charts": 0,
    "audit": 1,
    "organisation": 2,
    "access": 3,
    "posts": 3,
    "notifications": 4,
    "ratings": 5,
    "pulse": 5,
    "courses": 5,
    "disputes": 6,
    "obstacles": 6,
    "recovery": 6,
    "invitations": 6,
    "interviews": 6,
    "recognition": 6,
    "training": 6,
    "coaching": 7,
    "reviews": 7,
    "scorm": 7,
    "falls": 8,
    "intake": 8,
    "home": 8,
    "reports": 8,
    "demo": 9,
    "cli": 10,
    "api": 10,
    "webhooks": 11,
}
# create_app and the timetable know every package.
KNOW_ALL = {"tracker/__init__.py", "tracker/schedule.py"}
# demo and cli act as an operator does: they run jobs by hand.
RUN_JOBS = {"demo", "cli"}
PRIVATE = {"routes", "jobs", "people_routes", "page"}
FLASKLESS = {"models", "rules"}
PURE = {"statistics", "charts"}
FILES = sorted((ROOT / "tracker").rglob("*.py"))


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    """Every module a file imports, in any form of import, with its line."""
    return imports_in(path.read_text(encoding="utf-8"), package=".".join(path.relative_to(ROOT).parts[:-1]))


def imports_in(source: str, *, package: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((f"{base}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {
            "__import__",
            "importlib.import_module",
            "import_module",
        }:
            yield (str(node.args[0].value) if isinstance(node.args[0], ast.Constant) else "?"), node.lineno


def package_of(path: Path) -> str:
    parts = path.relative_to(ROOT / "tracker").parts
    return parts[0] if len(parts) > 1 else ""


def problems_of(path: Path) -> list[str]:
    name, own = str(path.relative_to(ROOT)), package_of(path)
    if name in KNOW_ALL:
        return []
    found = []
    for module, line in imports_of(path):
        parts = module.split(".")
        if parts[0] != "tracker" or len(parts) < 2:
            continue
        other = parts[1]
        if other not in LAYERS:
            found.append(f"{name}:{line} imports {module}, which is in no layer")
        elif other != own and LAYERS[other] >= LAYERS[own]:
            found.append(
                f"{name}:{line} imports {module}: {own} is layer {LAYERS[own]}, {other} is layer {LAYERS[other]}"
            )
        elif other != own and len(parts) > 2 and parts[2] in PRIVATE and not (own in RUN_JOBS and parts[2] == "jobs"):
            found.append(f"{name}:{line} imports {module}, which is private to {other}")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_from_beneath(path: Path) -> None:
    assert problems_of(path) == []


def test_every_package_has_its_layer() -> None:
    packages = {path.name for path in (ROOT / "tracker").iterdir() if (path / "__init__.py").exists()}
    assert packages == set(LAYERS)


def test_imports_in_functions_and_relative_ones_are_seen() -> None:
    """The test itself can fail: no form of import slips by."""
    source = (
        "def late():\n    from tracker.coaching import models\n    import tracker.cli.falls\nfrom ..cli import falls\n"
    )
    found = [module for module, _line in imports_in(source, package="tracker.core")]
    assert sorted(found) == ["tracker.cli.falls", "tracker.cli.falls", "tracker.coaching.models"]


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.stem in FLASKLESS or package_of(p) in PURE], ids=lambda p: str(p.relative_to(ROOT))
)
def test_models_rules_and_arithmetic_know_no_web(path: Path) -> None:
    roots = {module.split(".")[0] for module, _line in imports_of(path)}
    assert not roots & {"flask", "flask_babel", "flask_login", "flask_wtf"}
    if path.stem == "rules" or package_of(path) in PURE:
        assert "sqlalchemy" not in roots


@pytest.mark.parametrize(
    "path",
    [p for p in FILES if p.stem in {"models", "rules", "queries", "actions", "policy"}],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_the_clock_is_read_only_at_the_edge(path: Path) -> None:
    """`now()` is read in routes, jobs, commands and pages: what lies deeper is told the time."""
    text = path.read_text(encoding="utf-8")
    assert "clock.now()" not in text
    assert "datetime.now(" not in text


REAL_CLOCK = {
    "core/test_clock.py": "is about it",
    "house/test_layers.py": "writes of it",
    "intake/test_uploads.py": "files of the disk carry it",
    "journeys/chromium.py": "the browser has it",
    "scorm/test_content_site.py": "tokens of a library carry it",
}


def test_tests_live_at_one_fixed_hour() -> None:
    """What is read of the real clock, or of the real day above all, fails when a midnight comes while the tests run."""
    tests = ROOT / "tests"
    reading = {
        str(path.relative_to(tests))
        for path in tests.rglob("*.py")
        if re.search(r"datetime\.now\(|date\.today\(|utcnow\(|\btime\.time\(\)", path.read_text(encoding="utf-8"))
    }
    assert reading == set(REAL_CLOCK)


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.stem.endswith("routes")], ids=lambda p: str(p.relative_to(ROOT))
)
def test_views_hold_no_sql(path: Path) -> None:
    sqlalchemy = [module for module, _line in imports_of(path) if module.split(".")[0] == "sqlalchemy"]
    assert sqlalchemy == []
