"""Processing job: splits the rows of a data product into training, validation and held-out test sets.

Reads the Parquet files an Athena dataset definition laid under `--input`, and writes one CSV file per set, header
first and label in the first column. Columns keep the product's own names and values: what a model makes of them is
kept with that model, so that a later model and this one can be compared on the same rows.

Which set a row falls into depends on nothing but its own values (without the label) and the seed. So a row held out
once is held out in every later version of the product, equal rows never lie on both sides, and rows come out in the
same order whatever order the query gave.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import math
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

# A processing job's code lies in /opt/ml/processing/input/code; inputs and outputs are found from there, so that the
# job also runs where that folder is mounted elsewhere.
BASE = Path(__file__).resolve().parents[2]
PARQUET_MAGIC = b"PAR1"
SETS = ("train", "validation", "test")

Row = tuple[bytes, list[str]]


class InputError(ValueError):
    """The input cannot be split; the message says what was found and what is needed."""


def main(arguments: list[str] | None = None) -> None:
    """Runs the job; `arguments` are the container's arguments."""
    options = parse_arguments(arguments)
    table = read_parquet(options.input)
    rows = list(labelled_rows(table, options.label, options.seed))
    sets = split(rows, options.train_test_split_ratio, options.validation_ratio)
    header = [options.label, *(name for name in table.column_names if name != options.label)]
    for name, members in sets.items():
        if not members:
            raise InputError(f"the {name} set would be empty: {len(rows)} labelled rows are too few to split")
        write_csv(options.output / name / f"{name}.csv", header, members)
    dropped = table.num_rows - len(rows)
    counts = ", ".join(f"{name} {len(members)}" for name, members in sets.items())
    print(f"rows: {counts}" + (f"; dropped {dropped} without a label" if dropped else ""), flush=True)


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """The job's arguments; the folders default to those of the container contract."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--train-test-split-ratio", type=ratio, default=0.2, help="share of rows held out as test")
    parser.add_argument("--validation-ratio", type=ratio, default=0.2, help="share of the other rows for validation")
    parser.add_argument("--label", default="credit_risk", help="the column to predict")
    parser.add_argument("--seed", type=int, default=42, help="another seed holds out other rows")
    parser.add_argument("--input", type=Path, default=BASE / "input/data")
    parser.add_argument("--output", type=Path, default=BASE / "output")
    return parser.parse_args(arguments)


def ratio(text: str) -> float:
    """A share between 0 and 1, both excluded."""
    value = float(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"expected a number between 0 and 1, found {text}")
    return value


def read_parquet(directory: Path) -> pa.Table:
    """All Parquet files under `directory` as one table; Athena gives them no extension, so their magic tells them."""
    files = sorted(path for path in directory.rglob("*") if path.is_file() and is_parquet(path))
    if not files:
        raise InputError(f"no Parquet file under {directory}; is the query's result empty?")
    return pa.concat_tables([pq.read_table(path) for path in files], promote_options="default")


def is_parquet(path: Path) -> bool:
    """Whether the file starts as Parquet does."""
    with path.open("rb") as stream:
        return stream.read(len(PARQUET_MAGIC)) == PARQUET_MAGIC


def labelled_rows(table: pa.Table, label: str, seed: int) -> Iterator[Row]:
    """Each row that has a label: its digest, and its values as text with the label first."""
    if label not in table.column_names:
        raise InputError(f"label column {label!r} is missing; the query gives {', '.join(table.column_names)}")
    names = [name for name in table.column_names if name != label]
    # The digest must not depend on the order in which a query names its columns.
    by_name = sorted(range(len(names)), key=names.__getitem__)
    columns = [[text_of(value) for value in table.column(name).to_pylist()] for name in names]
    labels = [text_of(value) for value in table.column(label).to_pylist()]
    for number, value in enumerate(labels):
        if value == "":
            continue
        values = [column[number] for column in columns]
        content = "\x1f".join([str(seed), *(values[index] for index in by_name)])
        yield hashlib.blake2b(content.encode(), digest_size=8).digest(), [value, *values]


def text_of(value: object) -> str:
    """A value as text, the same whether a column was read as whole or as floating numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value).strip()


def split(rows: list[Row], test_ratio: float, validation_ratio: float) -> dict[str, list[list[str]]]:
    """Deals the rows to the sets by their digests, sorted by digest and content."""
    sets: dict[str, list[list[str]]] = {name: [] for name in SETS}
    for digest, values in sorted(rows):
        position = int.from_bytes(digest, "big") / 2**64
        sets[set_of(position, test_ratio, validation_ratio)].append(values)
    return sets


def set_of(position: float, test_ratio: float, validation_ratio: float) -> str:
    """The set at `position` in [0, 1): the test set lies first, so that its rows do not depend on the other ratio."""
    if position < test_ratio:
        return "test"
    if position < test_ratio + (1 - test_ratio) * validation_ratio:
        return "validation"
    return "train"


def write_csv(path: Path, header: list[str], rows: list[list[str]]) -> None:
    """Writes one set."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    try:
        main()
    except InputError as error:
        sys.exit(f"preprocess.py: {error}")
