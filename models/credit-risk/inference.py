"""Serving code under SageMaker's inference contract: raw rows of the data product in, a probability a row out.

`text/csv`: rows without header or label, their values in the order of the training columns; a first row that names
the columns is understood too, in any order. A body whose type the caller left unsaid is read so as well.
`application/json`: `{"instances": [...]}`, each a list in that order or an object by column name. Answers are
`text/csv`, one probability a line, or `application/json`, as asked.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xgboost as xgb

from features import DataError, Encoder, Table, table_of_rows

MODEL_FILES = "xgboost-model-*.ubj"
# The second is what SDKs say of a body whose type the caller left unsaid.
CSV_TYPES = ("text/csv", "application/octet-stream")

Probabilities = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Model:
    """The boosters, whose mean is the answer, and how rows become numbers for them."""

    boosters: tuple[xgb.Booster, ...]
    encoder: Encoder


@dataclass(frozen=True)
class Rows:
    """A request's rows; without a header, until the model names the columns."""

    values: list[list[str]]
    named: Table | None = None


def model_fn(model_dir: str) -> Model:
    """Loads what train.py saved."""
    directory = Path(model_dir)
    boosters = tuple(xgb.Booster(model_file=path) for path in sorted(directory.glob(MODEL_FILES)))
    if not boosters:
        raise FileNotFoundError(f"no {MODEL_FILES} in {directory}")
    for booster in boosters:
        # One request is a few rows: threads would only cost.
        booster.set_param({"nthread": 1})
    return Model(boosters, Encoder.load(directory))


def input_fn(body: bytes | str, content_type: str) -> Rows:
    """Reads a request; raises DataError for rows it cannot read, for another content type too."""
    text = body.decode("utf-8") if isinstance(body, bytes) else body
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in CSV_TYPES:
        return Rows(csv_rows(text))
    if media_type == "application/json":
        return json_rows(json.loads(text))
    raise DataError(f"content type {content_type!r} is not understood; send text/csv or application/json")


def predict_fn(rows: Rows, model: Model) -> Probabilities:
    """The probability of the positive label for each row."""
    return predict(rows.named or named_table(rows.values, model.encoder), model)


def predict(table: Table, model: Model) -> Probabilities:
    """The same for a table with named columns, of which unknown ones are ignored."""
    matrix = model.encoder.encode(table)
    return np.mean([booster.inplace_predict(matrix) for booster in model.boosters], axis=0)


def output_fn(probabilities: Probabilities, accept: str) -> tuple[str, str]:
    """Writes the answer; returns it with its content type."""
    values = [float(value) for value in probabilities]
    if "json" in accept:
        return json.dumps({"predictions": values}), "application/json"
    return "".join(f"{value:.6f}\n" for value in values), "text/csv"


def csv_rows(text: str) -> list[list[str]]:
    """The rows of a CSV request."""
    try:
        return [row for row in csv.reader(io.StringIO(text)) if row]
    except csv.Error as error:
        raise DataError(f"the request is no CSV: {error}") from None


def json_rows(document: object) -> Rows:
    """The rows of a JSON request."""
    instances = document.get("instances") if isinstance(document, Mapping) else document
    if not isinstance(instances, list) or not instances:
        raise DataError('expected {"instances": [...]} with at least one row')
    if all(isinstance(row, Mapping) for row in instances):
        names = list(instances[0])
        lists = [[json_text(row.get(name)) for name in names] for row in instances]
        return Rows([], table_of_rows(lists, "request", names))
    if all(isinstance(row, list) for row in instances):
        return Rows([[json_text(value) for value in row] for row in instances])
    raise DataError("expected every instance to be a list, or every one an object")


def json_text(value: object) -> str:
    """A JSON value as the text a CSV file would hold."""
    return "" if value is None else str(value)


def named_table(values: list[list[str]], encoder: Encoder) -> Table:
    """Gives headerless rows the training columns' names; a first row of names is taken as the header."""
    if not values:
        raise DataError("the request has no row")
    first = [value.strip() for value in values[0]]
    if set(encoder.names) <= set(first):
        return table_of_rows(values[1:], "request", first)
    return table_of_rows(values, "request", encoder.names)
