import { defineModel, sklearn, xgboost } from "../../infra/define-model.ts";

export default defineModel({
  name: "credit-risk",
  dataProduct: { database: "credit-card", table: "credit_card", curation: "curation.json", minRows: 100 },
  label: "credit_risk",
  query: "query.sql",
  process: {
    script: "preprocess.py",
    framework: sklearn("1.4-2"),
    arguments: ["--train-test-split-ratio", "0.2"],
  },
  train: {
    script: "train.py",
    framework: xgboost("3.2-0"),
    hyperparameters: { max_depth: 4 },
  },
  evaluate: { script: "evaluate.py", metric: "auc", floor: 0.7, better: "higher" },
  drift: { test: "psi", threshold: 0.2 },
  schedule: "rate(7 days)",
  release: "manual",
});
