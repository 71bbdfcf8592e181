"""The built-in algorithm's hyperparameters: which there are, and what they may be.

https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost_hyperparameters.html
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from sagemaker_xgboost_container.data_utils import UserError

INFINITE = float("inf")

# name: least and most; an open end is its second place.
WHOLE: dict[str, tuple[float, float]] = {
    "csv_weights": (0, 1),
    "early_stopping_rounds": (1, INFINITE),
    "max_bin": (0, INFINITE),
    "max_depth": (0, INFINITE),
    "max_leaves": (0, INFINITE),
    "nthread": (1, INFINITE),
    "num_class": (2, INFINITE),
    "num_parallel_tree": (1, INFINITE),
    "num_round": (1, INFINITE),
    "one_drop": (0, 1),
    "refresh_leaf": (0, 1),
    "seed": (-(2**31), 2**31 - 1),
    "verbosity": (0, 3),
}
DECIMAL: dict[str, tuple[float, float]] = {
    "aft_loss_distribution_scale": (0, INFINITE),
    "alpha": (0, INFINITE),
    "base_score": (-INFINITE, INFINITE),
    "colsample_bylevel": (0, 1),
    "colsample_bynode": (0, 1),
    "colsample_bytree": (0, 1),
    "eta": (0, 1),
    "gamma": (0, INFINITE),
    "huber_slope": (0, INFINITE),
    "lambda": (0, INFINITE),
    "lambda_bias": (0, 1),
    "max_delta_step": (0, INFINITE),
    "min_child_weight": (0, INFINITE),
    "rate_drop": (0, 1),
    "scale_pos_weight": (0, INFINITE),
    "sketch_eps": (0, 1),
    "skip_drop": (0, 1),
    "subsample": (0, 1),
    "tweedie_variance_power": (1, 2),
}
CHOICE: dict[str, tuple[str, ...]] = {
    "aft_loss_distribution": ("normal", "logistic", "extreme"),
    "booster": ("gbtree", "gblinear", "dart"),
    "deterministic_histogram": ("true", "false"),
    "dsplit": ("row", "col"),
    "grow_policy": ("depthwise", "lossguide"),
    "normalize_type": ("tree", "forest"),
    "objective": (
        *("binary:logistic", "binary:logitraw", "binary:hinge", "count:poisson", "multi:softmax", "multi:softprob"),
        *("rank:pairwise", "rank:ndcg", "rank:map", "reg:linear", "reg:squarederror", "reg:logistic", "reg:gamma"),
        *("reg:absoluteerror", "reg:pseudohubererror", "reg:squaredlogerror", "reg:tweedie"),
        *("survival:aft", "survival:cox"),
    ),
    "predictor": ("auto", "cpu_predictor", "gpu_predictor"),
    "process_type": ("default", "update"),
    "sample_type": ("uniform", "weighted"),
    "sampling_method": ("uniform", "gradient_based"),
    "save_model_on_termination": ("true", "false"),
    "single_precision_histogram": ("true", "false"),
    "tree_method": ("auto", "exact", "approx", "hist", "gpu_hist"),
}
LISTS = ("eval_metric", "updater")
LITERALS = ("monotone_constraints", "interaction_constraints")
# Hyperparameters of the image that XGBoost has not, or not any more.
OWN = {
    *("num_round", "csv_weights", "early_stopping_rounds", "save_model_on_termination", "eval_metric"),
    *("dsplit", "predictor", "sketch_eps", "lambda_bias", "deterministic_histogram", "single_precision_histogram"),
}


def validated(given: Mapping[str, str]) -> dict[str, Any]:
    """The hyperparameters, read. Raises UserError for one that is unknown, missing or out of its range."""
    if "num_round" not in given:
        raise UserError("Missing required hyperparameter: num_round")
    values = {name: read(name, text) for name, text in given.items()}
    multiple = str(values.get("objective", "")).startswith("multi:")
    if multiple and "num_class" not in values:
        raise UserError("Require input for parameter 'num_class' for multi-classification")
    return values


def read(name: str, text: str) -> Any:
    """One hyperparameter's value."""
    try:
        if name in WHOLE:
            return within(name, int(text), *WHOLE[name])
        if name in DECIMAL:
            return within(name, float(text), *DECIMAL[name])
        if name in LITERALS:
            return ast.literal_eval(text)
    except (ValueError, SyntaxError) as error:
        raise UserError(f"Hyperparameter {name}: could not parse value {text!r}") from error
    if name in LISTS:
        return [part.strip() for part in text.split(",")]
    if name not in CHOICE:
        raise UserError(f"Extraneous hyperparameter found: {name}")
    if text not in CHOICE[name]:
        raise UserError(f"Hyperparameter {name}: {text} is not in {list(CHOICE[name])}")
    return text


def within(name: str, value: float, least: float, most: float) -> float:
    """The value, where it is in its range."""
    if not least <= value <= most:
        raise UserError(f"Hyperparameter {name}: {value} is not in [{least}, {most}]")
    return value
