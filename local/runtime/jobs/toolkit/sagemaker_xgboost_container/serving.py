"""How the built-in algorithm's model is served: rows as CSV or LIBSVM, a prediction for each."""

from __future__ import annotations

import csv
import io
import json
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import xgboost as xgb

from sagemaker_inference.errors import BaseInferenceToolkitError
from sagemaker_xgboost_container.data_utils import CSV, LIBSVM, get_content_type
from sagemaker_xgboost_container.encoder import csv_to_dmatrix, json_to_jsonlines, libsvm_to_dmatrix

CSV_TYPE = "text/csv"
JSON_TYPE = "application/json"
JSONLINES_TYPE = "application/jsonlines"
# Before the requests' own Accept: the image's default, which the inference toolkit has as JSON.
__default_accept__ = os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", CSV_TYPE)

Boosters = list[xgb.Booster]


def model_fn(model_dir: str) -> Boosters:
    """Every file of the model's folder is a booster: as XGBoost saves it, or pickled."""
    files = sorted(path for path in Path(model_dir).iterdir() if path.is_file() and not path.name.startswith("."))
    if not files:
        raise FileNotFoundError(f"no model file in {model_dir}; expected one such as xgboost-model")
    return [load(path) for path in files]


def load(path: Path) -> xgb.Booster:
    """One booster."""
    data = path.read_bytes()
    try:
        booster = xgb.Booster()
        booster.load_model(bytearray(data))
    except xgb.core.XGBoostError as error:
        try:
            booster = pickle.loads(data)
        except Exception as pickled:
            raise RuntimeError(f"Model at {path} cannot be loaded:\n{pickled}\n{error}") from error
    booster = booster.get_booster() if hasattr(booster, "get_booster") else booster
    booster.set_param({"nthread": 1})
    return booster


def transform_fn(boosters: Boosters, body: str | bytes, content_type: str, accept: str) -> tuple[bytes, str]:
    """Answers one request."""
    data = body if isinstance(body, bytes) else body.encode("utf-8")
    if not data:
        raise BaseInferenceToolkitError(204, "", "No content")
    matrix = matrix_of(data, content_type, boosters[0].num_features())
    wanted = boosters[0].num_features()
    if matrix.num_col() not in (wanted, wanted + 1) and content_type_of(content_type) == CSV:
        message = (
            f"Unable to evaluate payload provided: Feature size of csv inference data {matrix.num_col()} "
            f"is not consistent with feature size of trained model {wanted}."
        )
        raise BaseInferenceToolkitError(400, message, message)
    predictions = np.mean([predict(booster, matrix) for booster in boosters], axis=0)
    return encoded(predictions, accept_of(accept))


def content_type_of(content_type: str) -> str:
    """What the request's is to this algorithm; CSV where it does not say."""
    return get_content_type(content_type or CSV_TYPE)


def matrix_of(data: bytes, content_type: str, width: int) -> xgb.DMatrix:
    """The request's rows. Raises what is answered as 415 where they cannot be read."""
    try:
        kind = content_type_of(content_type)
        if kind == CSV:
            return csv_to_dmatrix(data)
        if kind == LIBSVM:
            return libsvm_to_dmatrix(data, width)
        raise ValueError(f"Content-type {content_type} is not supported.")
    except Exception as error:
        message = f"Loading data of type {content_type} failed with Exception, please ensure it is so: {error}"
        raise BaseInferenceToolkitError(415, message, message) from error


def predict(booster: xgb.Booster, matrix: xgb.DMatrix) -> Any:
    """One booster's predictions, by its best round where it stopped early."""
    best = booster.attr("best_iteration")
    rounds = 0 if best is None else min(int(best) + 1, booster.num_boosted_rounds())
    return booster.predict(matrix, iteration_range=(0, rounds), validate_features=False)


def accept_of(accept: str) -> str:
    """The form of the answer. Raises what is answered as 406 for another."""
    name = accept.partition(";")[0].strip().lower()
    if name in (CSV_TYPE, JSON_TYPE, JSONLINES_TYPE):
        return name
    message = f"Accept type {accept} is not supported. Please choose one of: {CSV_TYPE}, {JSON_TYPE}, {JSONLINES_TYPE}"
    raise BaseInferenceToolkitError(406, message, message)


def encoded(predictions: Any, accept: str) -> tuple[bytes, str]:
    """A line a row; in JSON a score."""
    values = predictions.tolist()
    if accept == CSV_TYPE:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows(value if isinstance(value, list) else [value] for value in values)
        return text.getvalue().encode("utf-8"), CSV_TYPE
    scores = {"predictions": [{"score": value} for value in values]}
    return (json.dumps(scores).encode("utf-8") if accept == JSON_TYPE else json_to_jsonlines(scores)), accept
