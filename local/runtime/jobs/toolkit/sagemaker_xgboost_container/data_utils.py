"""Reads the data of a channel as the built-in algorithm does: the label first, no header."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import xgboost as xgb
from scipy.sparse import csr_matrix

CSV = "csv"
LIBSVM = "libsvm"
PARQUET = "parquet"
CONTENT_TYPES = {
    CSV: CSV,
    "text/csv": CSV,
    LIBSVM: LIBSVM,
    "text/libsvm": LIBSVM,
    "text/x-libsvm": LIBSVM,
    PARQUET: PARQUET,
    "application/x-parquet": PARQUET,
}

Column = npt.NDArray[np.float32]


class UserError(Exception):
    """What the job was given is wrong; the message says what."""


def get_content_type(content_type: str | None) -> str:
    """One of `csv`, `libsvm` (default), `parquet`. Raises UserError for another."""
    if content_type is None:
        return LIBSVM
    name, *parameters = [part.strip() for part in content_type.lower().split(";")]
    for parameter in parameters:
        if parameter.startswith("label_size=") and parameter != "label_size=1":
            raise UserError(
                f"{content_type} is not an accepted csv ContentType. "
                "Optional parameter label_size must be equal to 1"
            )
    if name not in CONTENT_TYPES:
        raise UserError(f"{content_type} is not an accepted ContentType: {', '.join(CONTENT_TYPES)}.")
    return CONTENT_TYPES[name]


def get_dmatrix(path: str | Path, content_type: str, csv_weights: int = 0, is_pipe: bool = False) -> xgb.DMatrix | None:
    """All data files under `path` as one matrix; None where there is none."""
    if is_pipe:
        raise UserError("Pipe mode is not read here; use File mode")
    kind = get_content_type(content_type)
    files = list(data_files(Path(path)))
    if not files:
        return None
    if kind == LIBSVM:
        return libsvm_matrix(files)
    tables = [read_csv(file) if kind == CSV else read_parquet(file) for file in files]
    widths = {table.shape[1] for table in tables}
    if len(widths) > 1:
        raise UserError(f"files of {path} have different numbers of columns: {sorted(widths)}")
    data = np.concatenate(tables)
    first = 2 if csv_weights == 1 and kind == CSV else 1
    weights = data[:, 1] if first == 2 else None
    return xgb.DMatrix(data[:, first:], label=data[:, 0], weight=weights)


def data_files(path: Path) -> Iterator[Path]:
    """Files that are data: hidden ones are not."""
    candidates = [path] if path.is_file() else sorted(path.rglob("*"))
    return (file for file in candidates if file.is_file() and not file.name.startswith((".", "_")))


def delimiter_of(line: str) -> str:
    """What parts a line's values."""
    try:
        found = csv.Sniffer().sniff(line[:512]).delimiter
    except csv.Error:
        return ","
    return "," if found.isalnum() or found in ".-+ \r\n" and "," in line else found


def read_csv(file: Path) -> Column:
    """Numbers without a header; an empty value is missing."""
    from pyarrow import ArrowException
    from pyarrow import csv as arrow_csv

    with file.open(encoding="utf-8-sig", errors="replace") as stream:
        first = stream.readline()
    if not first.strip():
        raise UserError(f"{file.name} is empty or begins with an empty line")
    try:
        table = arrow_csv.read_csv(
            file,
            read_options=arrow_csv.ReadOptions(autogenerate_column_names=True),
            parse_options=arrow_csv.ParseOptions(delimiter=delimiter_of(first)),
        )
        return numbers(table)
    except (ArrowException, ValueError) as error:
        raise UserError(
            f"Failed to load csv data with exception:\n{file.name}: {error}; expected numbers only, "
            f"the label in the first column and no header, found the first line {first.strip()[:100]!r}"
        ) from error


def read_parquet(file: Path) -> Column:
    """The same of a Parquet file."""
    from pyarrow import ArrowException
    from pyarrow import parquet

    try:
        return numbers(parquet.read_table(file))
    except (ArrowException, ValueError, OSError) as error:
        raise UserError(f"Failed to load parquet data with exception:\n{file.name}: {error}") from error


def numbers(table: Any) -> Column:
    """A table's values; missing ones are not a number."""
    for name, kind in zip(table.column_names, table.schema.types, strict=True):
        if str(kind) == "string":
            raise ValueError(f"column {name} has text")
    columns = [table.column(index).cast("float64").to_numpy(zero_copy_only=False) for index in range(table.num_columns)]
    return np.column_stack([np.asarray(column, dtype=np.float32) for column in columns])


def libsvm_matrix(files: list[Path]) -> xgb.DMatrix:
    """`label[:weight] index:value …` lines; an index is used as it stands."""
    labels: list[float] = []
    weights: list[float] = []
    lines: list[str] = []
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            head, _, rest = line.partition("#")[0].strip().partition(" ")
            if head == "":
                continue
            label, _, weight = head.partition(":")
            try:
                labels.append(float(label))
                weights.append(float(weight or 1))
            except ValueError as error:
                raise UserError(
                    f"First line '{line[:50]}...' of file '{file.name}' is not 'LIBSVM' format "
                    f"(line {number}). Please ensure the file is in 'LIBSVM' format."
                ) from error
            lines.append(rest)
    weighted = any(weight != 1 for weight in weights)
    return xgb.DMatrix(sparse(lines), label=labels, weight=weights if weighted else None)


def sparse(lines: list[str], width: int | None = None) -> csr_matrix:
    """Rows of `index:value` pairs. Raises UserError for what is none."""
    values: list[float] = []
    columns: list[int] = []
    ends = [0]
    for line in lines:
        for pair in line.split():
            index, colon, value = pair.partition(":")
            if index == "qid":
                continue
            try:
                columns.append(int(index))
                values.append(float(value))
            except ValueError as error:
                raise UserError(f"expected index:value, found {pair[:50]!r}{'' if colon else ' without a colon'}") from error
        ends.append(len(values))
    shape: Any = None if width is None else (len(lines), max(width, max(columns, default=-1) + 1))
    if shape is None:
        shape = (len(lines), max(columns, default=-1) + 1)
    return csr_matrix((np.asarray(values, dtype=np.float32), columns, ends), shape=shape)
