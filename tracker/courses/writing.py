"""Changing what a draft says: each function takes a version's content and gives a new one, so that the old is left alone. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from tracker.courses.content import Content
from tracker.courses.keys import key_from

Stored = dict[str, Any]


def lesson_keys(content: Mapping[str, Any]) -> set[str]:
    return set(Content(content).keys)


def question_keys(content: Mapping[str, Any]) -> set[str]:
    return {question.key for lesson in Content(content).lessons for question in lesson.questions}


def place_of(content: Mapping[str, Any], key: str) -> tuple[str, str] | None:
    """(lesson, question) that a question's key leads to; None when there is no such question."""
    found = ((lesson.key, key) for lesson in Content(content).lessons if lesson.question(key))
    return next(found, None)


def add_lesson(content: Mapping[str, Any], lesson: Mapping[str, Any], *, taken: Collection[str]) -> tuple[Stored, str]:
    """The content with one lesson more at its end, and that lesson's key. `taken`: keys of other versions."""
    changed = _copy(content)
    key = key_from(lesson["title"], taken={*taken, *lesson_keys(content)}, otherwise=lesson["kind"])
    changed["lessons"].append({"key": key, **lesson})
    return changed, key


def change_lesson(content: Mapping[str, Any], key: str, values: Mapping[str, Any]) -> Stored:
    """`values` replace what the lesson says; None takes an entry out. Its key, its kind and its questions stay."""
    changed = _copy(content)
    lesson = _lesson(changed, key)
    lesson.update(values)
    for name in [name for name, value in lesson.items() if value is None]:
        del lesson[name]
    return changed


def move_lesson(content: Mapping[str, Any], key: str, *, up: bool) -> Stored:
    changed = _copy(content)
    _move(changed["lessons"], key, up=up)
    return changed


def remove_lesson(content: Mapping[str, Any], key: str) -> Stored:
    changed = _copy(content)
    changed["lessons"] = [lesson for lesson in changed["lessons"] if lesson["key"] != key]
    return changed


def add_questions(
    content: Mapping[str, Any], lesson: str, questions: Sequence[Mapping[str, Any]], *, taken: Collection[str]
) -> Stored:
    """Questions more at the end of a quiz, each under a key of its own. `taken`: keys of other versions."""
    changed = _copy(content)
    used = {*taken, *question_keys(content)}
    for question in questions:
        key = key_from(question["text"], taken=used, otherwise="question")
        used.add(key)
        _lesson(changed, lesson).setdefault("questions", []).append(deepcopy({**question, "key": key}))
    return changed


def change_question(content: Mapping[str, Any], key: str, question: Mapping[str, Any]) -> Stored:
    """The question under this key says something else; it keeps its key and its place."""
    changed = _copy(content)
    for questions in _quizzes(changed):
        questions[:] = [{**question, "key": key} if one["key"] == key else one for one in questions]
    return changed


def move_question(content: Mapping[str, Any], key: str, *, up: bool) -> Stored:
    changed = _copy(content)
    for questions in _quizzes(changed):
        _move(questions, key, up=up)
    return changed


def remove_question(content: Mapping[str, Any], key: str) -> Stored:
    changed = _copy(content)
    for questions in _quizzes(changed):
        questions[:] = [one for one in questions if one["key"] != key]
    return changed


def _copy(content: Mapping[str, Any]) -> Stored:
    return {**deepcopy(dict(content)), "lessons": deepcopy(list(content.get("lessons", ())))}


def _lesson(content: Stored, key: str) -> Stored:
    found: Stored = next(lesson for lesson in content["lessons"] if lesson["key"] == key)
    return found


def _quizzes(content: Stored) -> Iterator[list[Stored]]:
    return (lesson["questions"] for lesson in content["lessons"] if "questions" in lesson)


def _move(rows: list[Stored], key: str, *, up: bool) -> None:
    """One place up or down; at the end it stays where it is."""
    here = next((place for place, row in enumerate(rows) if row["key"] == key), None)
    if here is None:
        return
    there = min(max(here + (-1 if up else 1), 0), len(rows) - 1)
    rows.insert(there, rows.pop(here))
