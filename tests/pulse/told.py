"""What somebody has read of a pulse, and the readers that take it from pages, files and the API: for test_attack_pages.py.

A reader gives every figure that stands beside a group and a question. What all roles have read is kept in one place, and two that
contradict each other are a fault of the product.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from python_calamine import CalamineWorkbook

from tests.pulse.attacked_company import ASKED, Truth
from tracker.core.language import month
from tracker.pulse.result_table import label_of

HIDDEN = "hidden to protect people"
LABELS = {label_of(item): item.key for item in ASKED}
TEXTS = {item.text("en"): item.key for item in ASKED}
STAGE = next(item.key for item in ASKED if item.stage)
MAP = re.compile(r'<table class="fold heat">.*?</table>', re.S)
ROW = re.compile(r"<tr[^>]*>(.*?)</tr>", re.S)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.S)
TITLED = re.compile(r'<td[^>]* data-label="([^"]*)">(.*?)</td>', re.S)
THEN = re.compile(r"([+−\d.]+) now, ([+−\d.]+) in (\w+ \d{4})")
MEASURED = re.compile(r"([+−]?[\d.]+) \((\d+) answers?, likely")
Where = tuple[int, int, str]  # round, index of the node, item


@dataclass
class Told:
    """rounds: those with results. figures: of each round, node and item what stands somewhere."""

    rounds: dict[int, Truth]
    figures: dict[Where, dict[str, Any]] = field(default_factory=dict)
    answered: dict[int, int] = field(default_factory=dict)  # of a round, in the whole company
    changes: set[tuple[Where, Where]] = field(default_factory=set)  # now and then, put side by side
    comments: dict[str, Where] = field(default_factory=dict)  # words -> where they stand
    sources: Counter[str] = field(default_factory=Counter)

    def hear(self, source: str, where: Where, **figures: Any) -> None:
        known = self.figures.setdefault(where, {})
        for name, value in figures.items():
            assert known.setdefault(name, value) == value, f"{source} says {name}={value} of {where}, others {known}"
        self.sources[source] += 1

    def round_of(self, label: str) -> Truth:
        return next(truth for truth in self.rounds.values() if month(truth.month) == label)

    @property
    def months(self) -> set[str]:
        return {month(truth.month) for truth in self.rounds.values()}


def number(words: str) -> float:
    return float(words.replace("−", "-").replace("+", ""))


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html))).strip()


def rows_of(html: str) -> list[list[str]]:
    return [[plain(cell) for cell in CELL.findall(row)] for row in ROW.findall(html)]


# --- Results: the map, on paper, one group --------------------------------------------------------------------------


def read_map(told: Told, source: str, text: str, truth: Truth) -> None:
    for table in MAP.findall(text):
        for row in ROW.findall(table)[1:]:
            node = truth.index(plain(CELL.findall(row)[0]).removesuffix(" yours"))
            for title, cell in TITLED.findall(row):
                if HIDDEN in cell:
                    continue
                figure, n = plain(cell).split(" n ")
                told.hear(source, (truth.round_id, node, LABELS[unescape(title)]), mean=number(figure), n=int(n))
    read_basis(told, text, truth)
    read_then(told, source, text, truth)


def read_basis(told: Told, text: str, truth: Truth) -> None:
    for count, _invited in re.findall(r"closed on [^·]*· (\d+) of (\d+) answered", plain(text)):
        assert told.answered.setdefault(truth.round_id, int(count)) == int(count)


def read_then(told: Told, source: str, text: str, truth: Truth) -> None:
    """“3.1 now, 3.6 in Oct 2026”, in the list of what has changed: the second is of another round."""
    for item in re.findall(r"<li><div class=\"row top\">.*?</li>", text, re.S):
        heading = re.search(r"<b>(.*?): (.*?)</b>", item)
        found = THEN.search(plain(item))
        if heading and found:
            node, key = truth.index(unescape(heading[1])), LABELS[unescape(heading[2])]
            _hear_then(told, source, truth, node, key, found)


def _hear_then(told: Told, source: str, truth: Truth, node: int, key: str, found: re.Match[str]) -> None:
    before = told.round_of(found[3])
    now, then = (truth.round_id, node, key), (before.round_id, before.same.index(truth.same[node]), key)
    told.hear(source, now, mean=number(found[1]))
    told.hear(source, then, mean=number(found[2]))
    told.changes.add((now, then))


def read_paper(told: Told, source: str, text: str, truth: Truth) -> None:
    for at, row in enumerate(rows_of(text.split("<tbody>")[2])):
        if row[2] == HIDDEN:
            continue
        n, mean, _low, _high, share = (number(value) if value else None for value in row[2:7])
        counts = None if row[9] == "–" else tuple(int(count) for count in row[9].split(" · "))
        detail = {"counts": counts} if counts else {}
        where = (truth.round_id, truth.index(row[0]), ASKED[at % len(ASKED)].key)
        told.hear(source, where, n=n, mean=mean, favourable=share, **detail)


def read_group(told: Told, source: str, text: str, truth: Truth, node: int) -> None:
    for key, card in re.findall(r'aria-labelledby="q-(\w+)">(.*?)</section>', text, re.S):
        where = (truth.round_id, node, key)
        if score := re.search(r'class="score">([^<]+)<.*?<br>(\d+) answers?<', card, re.S):
            share = re.search(r">(\d+)% [^<]*likely", card)
            assert share
            told.hear(source, where, mean=number(score[1]), n=int(score[2]), favourable=int(share[1]))
        _read_card(told, source, card, truth, where)
        for words in re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", card, re.S):
            assert told.comments.setdefault(plain(words), where) == where


def _read_card(told: Told, source: str, card: str, truth: Truth, where: Where) -> None:
    _round_id, node, key = where
    whole = re.search(r"The whole company: ([^<]*?)\.<", card)
    if whole:
        told.hear(source, (truth.round_id, truth.same.index("top"), key), mean=number(whole[1]))
    if found := THEN.search(plain(card)):
        _hear_then(told, source, truth, node, key, found)
    rows = rows_of(card)
    for row in rows:
        if len(row) == 4 and row[0] in told.months and row[1] != HIDDEN:
            other = told.round_of(row[0])
            place = (other.round_id, other.same.index(truth.same[node]), key)
            told.hear(source, place, mean=number(row[1]), n=int(row[3]))
    counts = [int(row[1]) for row in rows if len(row) == 2 and row[1].isdigit()]
    if counts:
        told.hear(source, where, counts=_worst_first(counts))


def _worst_first(best_first: Sequence[int]) -> tuple[int, ...]:
    if len(best_first) == 3:
        return (best_first[2], 0, best_first[1], 0, best_first[0])
    return tuple(best_first[::-1])


def read_find_me(told: Told, source: str, text: str, truth: Truth) -> None:
    """Sizes of groups beyond those that somebody reads, and what is left for oneself."""
    read_basis(told, text, truth)
    for labels, lines in re.findall(r'id="step-\d+">(.*?)</h2>(.*?)</section>', text, re.S):
        said = re.search(r"around you that is shown is (.*?): (\d+) answers", plain(lines))
        for label in unescape(labels).split(", ") if said else ():
            assert said
            told.hear(source, (truth.round_id, truth.index(said[1]), LABELS[label]), n=int(said[2]))


# --- Files, the API, reports, plans ----------------------------------------------------------------------------------


def read_lines(told: Told, source: str, lines: Iterable[Sequence[Any]], truth: Truth) -> None:
    """The lines of a CSV or Excel file of results, without its headings."""
    for line in lines:
        group, text, shown, n, mean, share = (line[place] for place in (0, 3, 4, 5, 6, 10))
        if shown == HIDDEN:
            assert not any(line[5:])
            continue
        counts = {} if line[13] in {"", None} else {"counts": tuple(int(float(one)) for one in line[13:18])}
        where = (truth.round_id, truth.index(group), TEXTS[text])
        told.hear(source, where, n=float(n), mean=float(mean), favourable=float(share), **counts)


def csv_lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1:]


def xlsx_lines(data: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[1:]


def read_api(told: Told, source: str, found: Mapping[str, Any]) -> None:
    for one in found["data"]:
        truth = told.rounds[one["id"]]
        if one["answered"] is not None:
            assert told.answered.setdefault(truth.round_id, one["answered"]) == one["answered"]
        for row in one["results"]:
            where = (truth.round_id, truth.index(row["group"]), row["question"])
            figures = {name: row[name] for name in ("n", "mean", "favourable")}
            counts = {"counts": tuple(row["counts"])} if row["counts"] else {}
            if row["hidden"]:
                assert not any(figures.values())
                assert not counts
            else:
                told.hear(source, where, **figures, **counts)


def read_perception(told: Told, source: str, text: str) -> None:
    """The stage’s question alone, of the round that asked it last."""
    asked = re.search(r"Staff: the pulse of (\w+ \d{4})", plain(text))
    for row in rows_of(text):
        found = re.match(r"(\d+) % \(.*?\) (\d+) answers?", row[1]) if len(row) > 1 else None
        if found and asked:
            _hear_gap(told, source, told.round_of(asked[1]), row[0], n=int(found[2]), favourable=int(found[1]))


def read_perception_lines(told: Told, source: str, lines: Iterable[Sequence[Any]], truth: Truth) -> None:
    for line in lines:
        _hear_gap(told, source, truth, line[1], n=float(line[4]), favourable=float(line[5]))


def _hear_gap(told: Told, source: str, truth: Truth, name: str, **figures: Any) -> None:
    group = name.removesuffix(" against the whole company’s customers")
    told.hear(source, (truth.round_id, truth.index(group), STAGE), **figures)


def read_plan(told: Told, source: str, text: str, same: str, key: str) -> None:
    """The page of an action: its measure from round to round."""
    for row in rows_of(text):
        if len(row) == 4 and row[0] in told.months and row[1] != HIDDEN:
            truth = told.round_of(row[0])
            told.hear(source, (truth.round_id, truth.same.index(same), key), mean=number(row[1]), n=int(row[2]))


# --- Anything else that is said ---------------------------------------------------------------------------------------


COUNTED = re.compile(
    r"\bn (\d+)\b|(?<!from )(?<!than )(?<!takes )\b(\d+) answers?\b|\b(\d+) of \d+ (?:people )?(?:have )?answered|\b(\d+) left\b"
)
IN_WORDS = re.compile(r"(?<!person, )\bone answer\b|\bone left\b")


def counts_said(text: str) -> Iterator[int]:
    """Every number of answers in whatever words: a page that nobody has taught the attack to read is heard by this."""
    words = plain(re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.S))
    yield from (int(next(filter(None, found))) for found in COUNTED.findall(words))
    yield from (1 for _found in IN_WORDS.findall(words))
