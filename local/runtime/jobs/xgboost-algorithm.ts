/**
 * XGBoost as SageMaker's built-in algorithm: a job, or a model, of its image without a script of the user's.
 *
 * https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost.html
 */
import { fileURLToPath } from "node:url";
import { imageName } from "./base-environments.ts";
import { CONTAINER_ROOT } from "./container.ts";

const FOLDER = fileURLToPath(new URL("toolkit/sagemaker_xgboost_container", import.meta.url));

/** What runs its training, and its serving program with its folder. */
export const XGBOOST_ALGORITHM = {
  training: ["python3", `${FOLDER}/training.py`, "--root", CONTAINER_ROOT],
  serving: { program: "serving.py", codeDirectory: FOLDER },
};

/** The metrics of an objective where `eval_metric` names none. */
const DEFAULT_METRICS = [
  ...["cox-nloglik", "error", "gamma-nloglik", "logloss", "map", "merror", "mlogloss", "ndcg", "poisson-nloglik"],
  ...["rmse", "rmsle", "tweedie-nloglik"],
];

export function isXgboostImage(image: string): boolean {
  return imageName(image).repository === "sagemaker-xgboost";
}

/**
 * MetricDefinitions of the algorithm, of the metrics a job has: the lines of its log are
 * `[3]#011train-auc:0.8#011validation-auc:0.7`.
 */
export function xgboostMetrics(evalMetric: string | undefined): { Name: string; Regex: string }[] {
  const named = evalMetric?.split(",").map((name) => name.trim().replace(/[@-]\d.*$/, ""));
  return ["train", "validation"].flatMap((data) =>
    (named ?? DEFAULT_METRICS).map((metric) => ({
      Name: `${data}:${metric}`,
      Regex: `.*\\[[0-9]+\\].*#011${data}-${metric}(?:@[^:]*)?:([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?).*`,
    })),
  );
}
