"""The metrics that the image has beside XGBoost's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import xgboost as xgb

Measure = Callable[[Any, Any], float]


def accuracy(labels: Any, found: Any) -> float:
    """Share of rows whose class was found."""
    return float(np.mean(labels == found))


def mse(labels: Any, found: Any) -> float:
    """Mean squared error."""
    return float(np.mean((labels - found) ** 2))


def r2(labels: Any, found: Any) -> float:
    """Share of the variance that is explained."""
    return float(1 - np.sum((labels - found) ** 2) / np.sum((labels - np.mean(labels)) ** 2))


def counts(labels: Any, found: Any, kind: float) -> tuple[int, int, int]:
    """Of one class: rows found rightly, rows found, rows there are."""
    there, said = labels == kind, found == kind
    return int(np.sum(there & said)), int(np.sum(said)), int(np.sum(there))


def precision_of(right: int, said: int, there: int) -> float:
    """How many of those found are there."""
    return right / said if said else 0.0


def recall_of(right: int, said: int, there: int) -> float:
    """How many of those there are found."""
    return right / there if there else 0.0


def f1_of(right: int, said: int, there: int) -> float:
    """The harmonic mean of both."""
    return 2 * right / (said + there) if said + there else 0.0


def of_class_one(measure: Callable[[int, int, int], float]) -> Measure:
    """The measure of a binary problem."""
    return lambda labels, found: measure(*counts(labels, found, 1))


def mean_of_classes(measure: Callable[[int, int, int], float], only_there: bool = False) -> Measure:
    """The measure's mean over all classes; over those of the labels where only these count."""

    def mean(labels: Any, found: Any) -> float:
        kinds = np.unique(labels if only_there else np.concatenate([labels, found]))
        return float(np.mean([measure(*counts(labels, found, kind)) for kind in kinds]))

    return mean


CUSTOM: dict[str, Measure] = {
    "accuracy": accuracy,
    "balanced_accuracy": mean_of_classes(recall_of, only_there=True),
    "f1": mean_of_classes(f1_of),
    "f1_binary": of_class_one(f1_of),
    "f1_macro": mean_of_classes(f1_of),
    "mse": mse,
    "precision": of_class_one(precision_of),
    "precision_macro": mean_of_classes(precision_of),
    "precision_micro": accuracy,
    "r2": r2,
    "recall": of_class_one(recall_of),
    "recall_macro": mean_of_classes(recall_of),
    "recall_micro": accuracy,
}
REGRESSION = ("mse", "r2")


def custom_metric(names: list[str], objective: str) -> Callable[[Any, xgb.DMatrix], list[tuple[str, float]]]:
    """What xgb.train is to call each round, for these of CUSTOM."""

    def measure(predictions: Any, data: xgb.DMatrix) -> list[tuple[str, float]]:
        labels = data.get_label()
        found = classes(predictions, objective)
        return [(name, CUSTOM[name](labels, predictions if name in REGRESSION else found)) for name in names]

    return measure


def classes(predictions: Any, objective: str) -> Any:
    """Predictions as the classes they stand for."""
    if predictions.ndim > 1:
        return np.argmax(predictions, axis=1)
    if objective == "binary:logitraw":
        return (predictions > 0).astype(int)
    return (predictions > 0.5).astype(int) if objective.startswith("binary:") else np.rint(predictions)
