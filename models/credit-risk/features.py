"""Turns rows of any tabular product into the numbers a model reads, and keeps how in the model itself.

The encoder is fitted on training rows only and saved beside the model, so an endpoint, an evaluation and a later
champion/challenger comparison encode a row exactly as training did. A column whose training values are all numbers
is numeric; any other is categorical and becomes the rank of its category, ordered by how often the positive label goes
with it in training, so that one cut of a tree parts the better categories from the worse. An empty value, and one
never seen in training, stay missing, which XGBoost handles itself.
"""

from __future__ import annotations

import csv
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

ENCODER_FILE = "encoder.json"
FORMAT_VERSION = 1
# A category's rate is drawn towards the overall one by so many imaginary rows: rare ones must not take the ends.
PRIOR_ROWS = 5

Matrix = npt.NDArray[np.float32]


class DataError(ValueError):
    """The rows are readable but not what the model was made for; the message names the column or row."""


@dataclass(frozen=True)
class Table:
    """Columns by name, each a list of text values of the same length."""

    columns: dict[str, list[str]]

    @property
    def row_count(self) -> int:
        """Number of rows."""
        return len(next(iter(self.columns.values()), []))

    def column(self, name: str) -> list[str]:
        """The values of one column; raises DataError when it is not there."""
        if name not in self.columns:
            raise DataError(f"column {name!r} is missing; the data has {', '.join(self.columns)}")
        return self.columns[name]


@dataclass(frozen=True)
class Feature:
    """One input column; `categories`, in rank order, is None for a numeric one."""

    name: str
    categories: tuple[str, ...] | None


@dataclass(frozen=True)
class Encoder:
    """The fitted columns, in the order in which an endpoint takes their values, and what the label means."""

    label: str
    positive_label: str
    features: tuple[Feature, ...]

    @classmethod
    def fit(cls, table: Table, label: str, positive_label: str | None = None) -> Encoder:
        """Learns column kinds and categories from training rows.

        `positive_label` is the label value whose probability the model gives; by default the greater of the two.
        """
        classes = sorted(set(table.column(label)))
        if len(classes) != 2:
            raise DataError(f"label {label!r} needs exactly 2 values in the training rows, found {classes[:10]}")
        positive = positive_label if positive_label is not None else classes[-1]
        if positive not in classes:
            raise DataError(f"label {label!r} never is {positive!r} in the training rows, only {classes}")
        outcomes = [value == positive for value in table.column(label)]
        features = tuple(
            Feature(name, None if _all_numbers(values) else _ranked_categories(values, outcomes))
            for name, values in table.columns.items()
            if name != label
        )
        return cls(label, positive, features)

    @property
    def names(self) -> list[str]:
        """The input columns, in order."""
        return [feature.name for feature in self.features]

    def encode(self, table: Table) -> Matrix:
        """One row of numbers per row of `table`, whatever the order of its columns."""
        columns = [_encode_feature(feature, table.column(feature.name)) for feature in self.features]
        return np.array(columns, dtype=np.float32).T

    def targets(self, table: Table) -> npt.NDArray[np.int8]:
        """1 where the label is the positive one, else 0."""
        return np.array([value == self.positive_label for value in table.column(self.label)], dtype=np.int8)

    def save(self, directory: Path) -> None:
        """Writes `encoder.json` into the model's folder."""
        document = {
            "formatVersion": FORMAT_VERSION,
            "label": self.label,
            "positiveLabel": self.positive_label,
            "features": [
                {"name": feature.name, "categories": None if feature.categories is None else list(feature.categories)}
                for feature in self.features
            ],
        }
        (directory / ENCODER_FILE).write_text(json.dumps(document, indent=2, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> Encoder:
        """Reads what `save` wrote."""
        document = json.loads((directory / ENCODER_FILE).read_text(encoding="utf-8"))
        if document["formatVersion"] != FORMAT_VERSION:
            raise DataError(f"{ENCODER_FILE} has format {document['formatVersion']}, this code reads {FORMAT_VERSION}")
        features = tuple(
            Feature(entry["name"], None if entry["categories"] is None else tuple(entry["categories"]))
            for entry in document["features"]
        )
        return cls(document["label"], document["positiveLabel"], features)


def read_table(directory: Path) -> Table:
    """Reads every `.csv` file under `directory` (header first; the same columns in each) as one table."""
    files = sorted(directory.rglob("*.csv"))
    if not files:
        raise DataError(f"no .csv file under {directory}")
    parts = []
    for file in files:
        with file.open(newline="", encoding="utf-8") as stream:
            parts.append(table_of_rows(csv.reader(stream), str(file)))
    return joined(*parts)


def joined(*tables: Table) -> Table:
    """The rows of all tables, one after the other; they must have the same columns."""
    names = list(tables[0].columns)
    if any(list(table.columns) != names for table in tables):
        raise DataError(f"expected the same columns, found {[list(table.columns) for table in tables]}")
    return Table({name: [value for table in tables for value in table.columns[name]] for name in names})


def table_of_rows(rows: Iterable[Sequence[str]], source: str, header: Sequence[str] | None = None) -> Table:
    """Makes a table of text rows; the first row names the columns unless `header` does."""
    iterator: Iterator[Sequence[str]] = iter(rows)
    names = list(header) if header is not None else list(next(iterator, []))
    kept = [row for row in iterator if row]
    for number, row in enumerate(kept, start=1):
        if len(row) != len(names):
            expected = f"expected {len(names)} ({', '.join(names)})"
            raise DataError(f"{source}: row {number} has {len(row)} values, {expected}")
    values = [list(column) for column in zip(*kept, strict=True)] if kept else [[] for _ in names]
    return Table(dict(zip(names, values, strict=True)))


def _encode_feature(feature: Feature, values: list[str]) -> list[float]:
    if feature.categories is None:
        return [_number(feature.name, value) for value in values]
    rank = {category: float(index) for index, category in enumerate(feature.categories)}
    return [rank.get(value, math.nan) for value in values]


def _ranked_categories(values: list[str], outcomes: list[bool]) -> tuple[str, ...]:
    overall = sum(outcomes) / len(outcomes)
    counts: Counter[str] = Counter(values)
    positives: Counter[str] = Counter(value for value, outcome in zip(values, outcomes, strict=True) if outcome)
    rates = {
        category: (positives[category] + PRIOR_ROWS * overall) / (count + PRIOR_ROWS)
        for category, count in counts.items()
        if category != ""
    }
    return tuple(sorted(rates, key=lambda category: (rates[category], category)))


def _number(name: str, value: str) -> float:
    if value == "":
        return math.nan
    try:
        return float(value)
    except ValueError:
        raise DataError(f"column {name!r} is numeric, but a row has {value!r}") from None


def _all_numbers(values: list[str]) -> bool:
    filled = [value for value in values if value != ""]
    return bool(filled) and all(_is_number(value) for value in filled)


def _is_number(value: str) -> bool:
    try:
        return math.isfinite(float(value))
    except ValueError:
        return False
