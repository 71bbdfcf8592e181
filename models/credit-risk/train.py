"""Training job in XGBoost script mode: fits boosted-tree classifiers and keeps what it takes to serve them.

The rows of both channels are dealt to `folds` parts. Each part is the validation set of one booster, which trains on
the others and stops early on it; the model is the mean of these boosters. On a few hundred rows this loses none to
validation and varies less than a single fit, and every row is scored once by a booster that did not train on it:
that is the validation metric. The held-out test set takes no part.

Hyperparameters come as `--name value`, channels and folders from the SM_* environment. Those of XGBoost go to it by
name, whatever they are; the others steer this script. The label is the first column of the channels' CSV files.
The model's folder ends up with the trees, the encoder, and the serving code, so that a registered package scores raw
rows by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xgboost as xgb

from features import DataError, Encoder, Matrix, Table, joined, read_table
from metrics import Labels, classification_metrics

# Below this many rows a second thread gains nothing, and waits for its turn where jobs share processors.
ROWS_WORTH_THREADS = 20_000

Mask = npt.NDArray[np.bool_]

SERVING_CODE = ("inference.py", "features.py")

DEFAULTS: dict[str, str | float] = {
    "objective": "binary:logistic",
    "eval_metric": "auc",
    "max_depth": 4,
    "eta": 0.05,
    "subsample": 0.6,
    "colsample_bytree": 0.5,
    "seed": 42,
}


def main(arguments: list[str] | None = None) -> None:
    """Runs the job; `arguments` are the hyperparameters as the container passes them."""
    options, extra = parse_arguments(arguments)
    table = joined(read_table(options.train), read_table(options.validation))
    threads = {"nthread": 1} if table.row_count < ROWS_WORTH_THREADS else {}
    parameters = {**DEFAULTS, **threads, **hyperparameters(extra)}
    encoder = Encoder.fit(table, label_of(table), options.positive_label)
    boosters, metrics = fit(encoder, table, parameters, options)
    save(options.model_dir, boosters, encoder)
    report(metrics, options.output_data_dir)


def parse_arguments(arguments: list[str] | None) -> tuple[argparse.Namespace, list[str]]:
    """This script's own arguments, and the rest."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0], allow_abbrev=False)
    parser.add_argument("--folds", type=int, default=5, help="parts the rows are dealt to; as many boosters")
    parser.add_argument("--num_round", type=int, default=500, help="trees a booster at most")
    parser.add_argument("--early_stopping_rounds", type=int, default=50, help="stop after so many without progress")
    parser.add_argument("--positive_label", default=None, help="label whose probability is given; default: the greater")
    parser.add_argument("--train", type=Path, default=folder("SM_CHANNEL_TRAIN", "/opt/ml/input/data/train"))
    parser.add_argument(
        "--validation", type=Path, default=folder("SM_CHANNEL_VALIDATION", "/opt/ml/input/data/validation")
    )
    parser.add_argument("--model_dir", type=Path, default=folder("SM_MODEL_DIR", "/opt/ml/model"))
    parser.add_argument("--output_data_dir", type=Path, default=folder("SM_OUTPUT_DATA_DIR", "/opt/ml/output/data"))
    return parser.parse_known_args(arguments)


def folder(variable: str, otherwise: str) -> Path:
    """A folder of the container contract."""
    return Path(os.environ.get(variable, otherwise))


def hyperparameters(extra: list[str]) -> dict[str, str]:
    """`--name value` pairs for XGBoost, which parses the values and refuses what it does not know."""
    names, values = extra[::2], extra[1::2]
    if len(names) != len(values) or not all(name.startswith("--") for name in names):
        raise DataError(f"expected hyperparameters as --name value, found {' '.join(extra)}")
    return {name.removeprefix("--"): value for name, value in zip(names, values, strict=True)}


def label_of(table: Table) -> str:
    """The first column: preprocess.py puts the label there."""
    return next(iter(table.columns))


def fit(
    encoder: Encoder, table: Table, parameters: dict[str, str | float], options: argparse.Namespace
) -> tuple[list[xgb.Booster], dict[str, float]]:
    """One booster per fold, and the metrics of the rows as scored by the booster that did not see them."""
    rows, labels = encoder.encode(table), encoder.targets(table)
    fold = np.random.default_rng(int(parameters["seed"])).permutation(len(labels)) % options.folds
    scores = np.empty(len(labels), dtype=np.float32)
    boosters = []
    for number in range(options.folds):
        validation = fold == number
        booster = fit_fold(rows, labels, validation, parameters, options)
        scores[validation] = booster.inplace_predict(rows[validation])
        boosters.append(booster)
        best = float(booster.attr("best_score") or "nan")
        print(f"[fold {number}]\trounds:{booster.num_boosted_rounds()}\tfold-auc:{best:.5f}", flush=True)
    return boosters, classification_metrics(labels, scores)


def fit_fold(
    rows: Matrix, labels: Labels, validation: Mask, parameters: dict[str, str | float], options: argparse.Namespace
) -> xgb.Booster:
    """Boosts until the metric on the validation rows has not improved for a while; keeps the trees up to the best."""
    threads = int(parameters.get("nthread", 0)) or None
    train_matrix = xgb.DMatrix(rows[~validation], label=labels[~validation], nthread=threads)
    validation_matrix = xgb.DMatrix(rows[validation], label=labels[validation], nthread=threads)
    booster = xgb.train(
        {"validate_parameters": True, **parameters},
        train_matrix,
        num_boost_round=options.num_round,
        evals=[(validation_matrix, "validation")],
        early_stopping_rounds=options.early_stopping_rounds,
        verbose_eval=False,
    )
    best = booster[: booster.best_iteration + 1]
    best.set_attr(best_score=str(booster.best_score))
    return best


def save(model_dir: Path, boosters: list[xgb.Booster], encoder: Encoder) -> None:
    """Writes trees, encoder and serving code into the model's folder."""
    code = model_dir / "code"
    code.mkdir(parents=True, exist_ok=True)
    for number, booster in enumerate(boosters):
        booster.save_model(model_dir / f"xgboost-model-{number}.ubj")
    encoder.save(model_dir)
    here = Path(__file__).resolve().parent
    for name in SERVING_CODE:
        shutil.copyfile(here / name, code / name)
    requirements = here / "requirements.txt"
    if requirements.exists():
        shutil.copyfile(requirements, code / requirements.name)


def report(metrics: dict[str, float], output_data_dir: Path) -> None:
    """Prints the metrics in the form of XGBoost's own lines, which MetricDefinitions read; keeps them as output."""
    print("[all folds]\t" + "\t".join(f"validation-{name}:{value:.5f}" for name, value in metrics.items()), flush=True)
    output_data_dir.mkdir(parents=True, exist_ok=True)
    (output_data_dir / "metrics.json").write_text(json.dumps(metrics), encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except DataError as error:
        sys.exit(f"train.py: {error}")
