"""Request bodies as matrices: the defaults of the XGBoost image's inference, which scripts of users import too."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import xgboost as xgb

from sagemaker_xgboost_container.data_utils import CSV, LIBSVM, UserError, delimiter_of, get_content_type, sparse


def csv_to_dmatrix(body: str | bytes, dtype: Any = None) -> xgb.DMatrix:
    """Rows of numbers without a label; an empty value is missing."""
    text = (body.decode("utf-8") if isinstance(body, bytes) else body).strip()
    lines = text.splitlines()
    delimiter = delimiter_of(lines[0]) if lines else ","
    rows = [[value.strip() or "nan" for value in line.split(delimiter)] for line in lines]
    return xgb.DMatrix(np.array(rows).astype(dtype or np.float64))


def libsvm_to_dmatrix(body: str | bytes, width: int | None = None) -> xgb.DMatrix:
    """Rows of `index:value`, with a label before them or without."""
    text = (body.decode("utf-8") if isinstance(body, bytes) else body).strip()
    rows = [" ".join(pair for pair in line.split() if ":" in pair) for line in text.splitlines()]
    return xgb.DMatrix(sparse(rows, width))


def json_to_jsonlines(json_data: dict[str, Any] | str) -> bytes:
    """The members of an object's one list, a line each."""
    data = json_data if isinstance(json_data, dict) else json.loads(json_data)
    if len(data) != 1:
        raise ValueError("JSON response is not compatible for conversion to jsonlines.")
    return "".join(f"{json.dumps(entry)}\n" for value in data.values() for entry in value).encode("utf-8")


def decode(body: str | bytes, content_type: str, width: int | None = None) -> xgb.DMatrix:
    """A body of this content type. Raises UserError for another."""
    kind = get_content_type(content_type)
    if kind == CSV:
        return csv_to_dmatrix(body)
    if kind == LIBSVM:
        return libsvm_to_dmatrix(body, width)
    raise UserError(f"Content-type {content_type} is not supported.")
