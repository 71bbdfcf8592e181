"""Metrics of a binary classifier, in NumPy alone so that a job's start-up stays short."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Labels = npt.NDArray[np.integer]


def roc_auc(labels: Labels, scores: Floats) -> float:
    """Area under the ROC curve: the chance that a positive row scores above a negative one, ties counting half.

    Raises ValueError when all rows are of one class, where the area is undefined.
    """
    positives = int(labels.sum())
    negatives = labels.size - positives
    if positives == 0 or negatives == 0:
        raise ValueError(f"AUC needs rows of both classes, found {positives} positive and {negatives} negative")
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    mean_ranks = np.cumsum(counts) - (counts - 1) / 2
    rank_sum = float(mean_ranks[inverse][labels == 1].sum())
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def accuracy(labels: Labels, scores: Floats, threshold: float = 0.5) -> float:
    """Share of rows on the right side of `threshold`."""
    return float(np.mean((scores >= threshold) == (labels == 1)))


def log_loss(labels: Labels, scores: Floats) -> float:
    """Mean negative log likelihood; scores are kept off 0 and 1 by 1e-7."""
    clipped = np.clip(scores.astype(np.float64), 1e-7, 1 - 1e-7)
    return float(-np.mean(np.where(labels == 1, np.log(clipped), np.log1p(-clipped))))


def classification_metrics(labels: Labels, scores: Floats) -> dict[str, float]:
    """AUC, accuracy and log loss, by the names used in evaluation.json."""
    return {
        "auc": roc_auc(labels, scores),
        "accuracy": accuracy(labels, scores),
        "logloss": log_loss(labels, scores),
    }
