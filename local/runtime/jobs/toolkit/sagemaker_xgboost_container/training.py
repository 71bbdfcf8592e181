"""The built-in algorithm: `training.py --root /opt/ml`, without a script of the user's.

Channels `train` and, if there is one, `validation`; hyperparameters as the job has them; the model is one file,
`xgboost-model`. What is wrong with them is written to `output/failure`.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parents[1])

import xgboost as xgb

from sagemaker_xgboost_container.custom_metrics import CUSTOM, custom_metric
from sagemaker_xgboost_container.data_utils import UserError, get_content_type, get_dmatrix
from sagemaker_xgboost_container.hyperparameters import OWN, validated

MODEL = "xgboost-model"
CHECKPOINT = "xgboost-checkpoint"
KEPT_CHECKPOINTS = 5
GREATER_IS_BETTER = (
    *("accuracy", "auc", "aucpr", "balanced_accuracy", "f1", "f1_binary", "f1_macro", "map", "ndcg"),
    *("precision", "precision_macro", "precision_micro", "r2", "recall", "recall_macro", "recall_micro"),
)


class Progress(xgb.callback.TrainingCallback):
    """Tells each round's metrics as the image's log has them, keeps checkpoints, and ends early when asked to."""

    def __init__(self, checkpoints: Path | None, before: int) -> None:
        """`before` is how many rounds an earlier run has made."""
        self._checkpoints = checkpoints
        self._before = before
        self.stopped = False

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        """Whether training is to end."""
        number = epoch + self._before
        told = [
            f"{data}-{metric}:{values[-1]:.5f}" for data, log in evals_log.items() for metric, values in log.items()
        ]
        print("#011".join([f"[{number}]", *told]), flush=True)
        if self._checkpoints is not None:
            save_checkpoint(model, self._checkpoints, number)
        return self.stopped


def main() -> None:
    """Runs the job."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=Path, default=Path("/opt/ml"))
    root = parser.parse_args().root
    try:
        train(root)
    except (UserError, xgb.core.XGBoostError) as error:
        (root / "output").mkdir(parents=True, exist_ok=True)
        (root / "output" / "failure").write_text(str(error), encoding="utf-8")
        sys.exit(str(error))


def train(root: Path) -> None:
    """Reads, fits and saves."""
    configuration = root / "input" / "config"
    given = json.loads((configuration / "hyperparameters.json").read_text(encoding="utf-8"))
    values = validated({name: text for name, text in given.items() if not name.startswith("sagemaker_")})
    channels = json.loads((configuration / "inputdataconfig.json").read_text(encoding="utf-8"))
    matrices = {name: matrix_of(root, channels, name, values) for name in ("train", "validation") if name in channels}
    if "train" not in matrices:
        raise UserError("Missing required channel: train")
    for name, matrix in matrices.items():
        print(f"{name.capitalize()} matrix has {matrix.num_row()} rows and {matrix.num_col()} columns", flush=True)
    checkpoints = root / "checkpoints" if (configuration / "checkpointconfig.json").exists() else None
    earlier, before = latest_checkpoint(checkpoints)
    progress = Progress(checkpoints, before)
    booster = fit(values, matrices, progress, earlier, before)
    if progress.stopped and values.get("save_model_on_termination") != "true":
        return
    (root / "model").mkdir(parents=True, exist_ok=True)
    (root / "model" / MODEL).write_bytes(booster.save_raw())


def matrix_of(root: Path, channels: dict[str, Any], name: str, values: dict[str, Any]) -> xgb.DMatrix:
    """One channel's data. Raises UserError where there is none."""
    path = root / "input" / "data" / name
    if channels[name].get("TrainingInputMode") == "Pipe":
        raise UserError(f"channel {name} is in Pipe mode, which the algorithm does not read here; use File or FastFile")
    content_type = get_content_type(channels[name].get("ContentType"))
    matrix = get_dmatrix(path, content_type, csv_weights=values.get("csv_weights", 0))
    if matrix is None or matrix.num_row() == 0:
        raise UserError(f"No data in {'training' if name == 'train' else name} channel path {path}")
    return matrix


def fit(
    values: dict[str, Any], matrices: dict[str, xgb.DMatrix], progress: Progress, earlier: Path | None, before: int
) -> xgb.Booster:
    """Boosts; an end asked for by SIGTERM is one after the round under way."""

    def stop(*_: Any) -> None:
        progress.stopped = True

    signal.signal(signal.SIGTERM, stop)
    names = [name for name in values.get("eval_metric", []) if name not in CUSTOM]
    own = [name for name in values.get("eval_metric", []) if name in CUSTOM]
    parameters = {name: value for name, value in values.items() if name not in OWN}
    if "updater" in parameters:
        parameters["updater"] = ",".join(parameters["updater"])
    if names:
        parameters["eval_metric"] = names
    elif own:
        parameters["disable_default_eval_metric"] = True
    callbacks: list[Any] = [progress]
    patience = values.get("early_stopping_rounds")
    if patience is not None:
        metric = values.get("eval_metric", [None])[-1]
        watched = "validation" if "validation" in matrices else "train"
        greater = str(metric).partition("@")[0] in GREATER_IS_BETTER if metric else None
        stopping = xgb.callback.EarlyStopping(
            rounds=patience, metric_name=metric, data_name=watched, maximize=greater, save_best=True
        )
        callbacks.append(stopping)
    return xgb.train(
        parameters,
        matrices["train"],
        num_boost_round=max(0, values["num_round"] - before),
        evals=[(matrix, name) for name, matrix in matrices.items()],
        custom_metric=custom_metric(own, values.get("objective", "")) if own else None,
        callbacks=callbacks,
        xgb_model=earlier,
        verbose_eval=False,
    )


def latest_checkpoint(folder: Path | None) -> tuple[Path | None, int]:
    """The last one that is whole, and how many rounds it has."""
    if folder is None:
        return None, 0
    numbers = [int(file.name.rpartition(".")[2]) for file in folder.glob(f"{CHECKPOINT}.*") if file.suffix[1:].isdigit()]
    if not numbers:
        return None, 0
    latest = max(numbers)
    print(f"Resuming from iteration {latest + 1}", flush=True)
    return folder / f"{CHECKPOINT}.{latest}", latest + 1


def save_checkpoint(model: Any, folder: Path, number: int) -> None:
    """Writes it whole or not at all, and drops the oldest."""
    part = folder / f"{CHECKPOINT}.part"
    part.write_bytes(model.save_raw())
    part.replace(folder / f"{CHECKPOINT}.{number}")
    (folder / f"{CHECKPOINT}.{number - KEPT_CHECKPOINTS}").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
