"""Processing job: scores the new model, and the champion where there is one, on the same held-out rows.

Each model is scored by the serving code it carries, with the encoder it was trained with: what is compared here is what
would answer in production. The result is `evaluation.json`:
`{"metrics": {"auc", "accuracy", "logloss"}, "champion": the same, only where a champion was given, "rows": number}`.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt

from metrics import classification_metrics

# A processing job's code lies in /opt/ml/processing/input/code; inputs and outputs are found from there, so that the
# job also runs where that folder is mounted elsewhere.
BASE = Path(__file__).resolve().parents[2]
SERVING_MODULE = "inference"

Labels = npt.NDArray[np.integer]


class EvaluationError(ValueError):
    """A model or the test set cannot be read; the message names which."""


def main(arguments: list[str] | None = None) -> None:
    """Runs the job; `arguments` are the container's arguments."""
    options = parse_arguments(arguments)
    header, rows = read_test_set(options.test)
    labels = [row[header.index(options.label)] for row in rows] if options.label in header else None
    if labels is None:
        raise EvaluationError(f"label column {options.label!r} is missing; the test set has {', '.join(header)}")
    result: dict[str, object] = {"metrics": evaluate(options.model, header, rows, labels)}
    if any(options.champion.rglob("*.tar.gz")):
        result["champion"] = evaluate(options.champion, header, rows, labels)
    result["rows"] = len(rows)
    text = json.dumps(result, indent=2, allow_nan=False)
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "evaluation.json").write_text(text, encoding="utf-8")
    print(json.dumps(result), flush=True)


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """The job's arguments; the folders default to those of the container contract."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--label", default="credit_risk", help="the column to predict")
    parser.add_argument("--test", type=Path, default=BASE / "input/test")
    parser.add_argument("--model", type=Path, default=BASE / "input/model")
    parser.add_argument("--champion", type=Path, default=BASE / "input/champion")
    parser.add_argument("--output", type=Path, default=BASE / "output/evaluation")
    return parser.parse_args(arguments)


def read_test_set(directory: Path) -> tuple[list[str], list[list[str]]]:
    """Header and rows of the held-out set."""
    files = sorted(directory.rglob("*.csv"))
    if len(files) != 1:
        raise EvaluationError(f"expected one .csv file under {directory}, found {len(files)}")
    with files[0].open(newline="", encoding="utf-8") as stream:
        header, *rows = [row for row in csv.reader(stream) if row]
    return header, rows


def evaluate(source: Path, header: list[str], rows: list[list[str]], labels: list[str]) -> dict[str, float]:
    """Metrics of the model whose `model.tar.gz` lies under `source`, on the test rows."""
    archives = sorted(source.rglob("*.tar.gz"))
    if len(archives) != 1:
        raise EvaluationError(f"expected one model.tar.gz under {source}, found {len(archives)}")
    with tempfile.TemporaryDirectory() as folder, unpacked(archives[0], Path(folder)) as serving:
        model = serving.model_fn(folder)
        named = serving.table_of_rows(rows, "test set", header)
        scores = serving.predict(named, model)
        truth = np.array([value == model.encoder.positive_label for value in labels], dtype=np.int8)
    return classification_metrics(truth, scores)


@contextmanager
def unpacked(archive: Path, folder: Path) -> Iterator[ModuleType]:
    """Unpacks a model and imports its serving code; forgets it after, so that the next model's code is its own."""
    with tarfile.open(archive) as tar:
        # The filter refuses members that would leave the folder; Python releases before mid-2023 lack it.
        tar.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    code = folder / "code"
    if not (code / f"{SERVING_MODULE}.py").exists():
        raise EvaluationError(f"{archive} has no code/{SERVING_MODULE}.py to score rows with")
    known = dict(sys.modules)
    for name in [path.stem for path in code.glob("*.py")]:
        sys.modules.pop(name, None)
    sys.path.insert(0, str(code))
    importlib.invalidate_caches()
    try:
        yield importlib.import_module(SERVING_MODULE)
    finally:
        sys.path.remove(str(code))
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None) or "").startswith(str(code)):
                del sys.modules[name]
        sys.modules.update({name: known[name] for name in known if name not in sys.modules})


if __name__ == "__main__":
    try:
        main()
    except (EvaluationError, ValueError) as error:
        sys.exit(f"evaluate.py: {error}")
