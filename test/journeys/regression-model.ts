/** A model of another kind on the product of subscription-product.ts: a number from numbers, by least squares, less error being better. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeChurn, edit } from "./subscription-product.ts";

const TRAIN = `
import csv, json, os, shutil
from pathlib import Path
import numpy as np
from inference import matrix

def rows(channel):
    return [row for file in Path(os.environ[channel]).rglob("*.csv") for row in list(csv.reader(file.open()))[1:]]

known = rows("SM_CHANNEL_TRAIN") + rows("SM_CHANNEL_VALIDATION")
weights, *_ = np.linalg.lstsq(matrix([row[1:] for row in known]), np.array([float(row[0]) for row in known]), rcond=None)
folder = Path(os.environ["SM_MODEL_DIR"])
(folder / "code").mkdir()
(folder / "weights.json").write_text(json.dumps(list(weights)))
for name in ("inference.py", "requirements.txt"):
    shutil.copyfile(Path(__file__).parent / name, folder / "code" / name)
`;

const INFERENCE = `
import csv, io, json
from pathlib import Path
import numpy as np

def matrix(rows):
    return np.array([[1.0, *(float(value or 0) for value in row)] for row in rows])

def model_fn(folder):
    return np.array(json.loads((Path(folder) / "weights.json").read_text()))

def input_fn(body, content_type):
    return list(csv.reader(io.StringIO(body.decode() if isinstance(body, bytes) else body)))

def predict_fn(rows, weights):
    return matrix(rows) @ weights

def output_fn(values, accept):
    return "".join(f"{value:.3f}\\n" for value in values), "text/csv"
`;

const EVALUATE = `
import csv, json, tarfile, tempfile
from pathlib import Path
import numpy as np
from inference import model_fn, predict_fn

BASE = Path(__file__).resolve().parents[2]
rows = list(csv.reader(next((BASE / "input/test").rglob("*.csv")).open()))[1:]

def metrics(source):
    with tempfile.TemporaryDirectory() as folder:
        tarfile.open(next((BASE / source).rglob("*.tar.gz"))).extractall(folder)
        error = predict_fn([row[1:] for row in rows], model_fn(folder)) - np.array([float(row[0]) for row in rows])
    return {"rmse": float(np.sqrt(np.mean(error**2)))}

result = {"metrics": metrics("input/model"), "rows": len(rows)}
if any((BASE / "input/champion").rglob("*.tar.gz")):
    result["champion"] = metrics("input/champion")
(BASE / "output/evaluation").mkdir(parents=True, exist_ok=True)
(BASE / "output/evaluation/evaluation.json").write_text(json.dumps(result))
`;

/** The model `balance`, in the copy `folder`. */
export function describeBalance(folder: string): void {
  describeChurn(folder);
  edit(folder, "model.ts", [
    ['name: "churn"', 'name: "balance"'],
    ['label: "churned"', 'label: "balance"'],
    [', positive_label: "leaves"', ""],
    ['metric: "auc", floor: 0.7, better: "higher" },', 'metric: "rmse", floor: 200, better: "lower" },'],
    ['release: "manual",', 'release: "manual",\n  serve: { answers: "number" },'],
  ]);
  writeFileSync(join(folder, "query.sql"), "SELECT tenure_months, support_calls, balance FROM subscriptions\n");
  for (const [name, text] of Object.entries({ train: TRAIN, inference: INFERENCE, evaluate: EVALUATE }))
    writeFileSync(join(folder, `${name}.py`), text);
}
