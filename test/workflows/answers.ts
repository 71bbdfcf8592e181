/** What the services answer when all goes well: a first version, no champion, no endpoint. */
const product = {
  product: "credit-card",
  database: "credit-card",
  table: "credit_card",
  bucket: "products",
  prefix: "credit_card/",
  crawler: "credit-card-crawler",
  curation: "s3://assets/curation.json",
  models: ["credit-risk"],
};
const resources = { instanceType: "ml.m5.large", instanceCount: 1, volumeSizeInGB: 10, maxRuntimeInSeconds: 600 };
const model = {
  model: "credit-risk",
  product: "credit-card",
  database: "credit-card",
  table: "credit_card",
  label: "credit_risk",
  commit: "abc",
  query: "s3://assets/models/credit-risk/1/query.sql",
  code: "s3://assets/models/credit-risk/1/",
  processing: {
    image: "sklearn",
    script: "preprocess.py",
    arguments: ["--train-test-split-ratio", "0.2"],
    ...resources,
  },
  training: {
    image: "xgboost",
    script: "train.py",
    source: "s3://assets/models/credit-risk/1/sourcedir.tar.gz",
    hyperparameters: { max_depth: 4, note: 'a"b' },
    metricDefinitions: [],
    ...resources,
  },
  evaluation: {
    image: "xgboost",
    script: "evaluate.py",
    arguments: [],
    metric: "auc",
    floor: 0.7,
    better: "higher",
    ...resources,
  },
  drift: { test: "psi", threshold: 0.2 },
  inference: { image: "xgboost", environment: { SAGEMAKER_PROGRAM: "inference.py" }, ...resources },
  release: "manual",
};
const sameSchema = { compatible: true, reason: "same schema", missing: [], retyped: [], added: [] };
const parameter = (value: unknown) => ({ Parameter: { Value: JSON.stringify(value) } });

/** By the name of the state. */
export const answers = {
  "Read Product": parameter(product),
  "Read Model": parameter(model),
  "Describe Product": { Payload: { dataVersion: "0123456789abcdef", header: ["age"] } },
  "Read Schema": { Table: { StorageDescriptor: { Columns: [{ Name: "age", Type: "bigint" }] } } },
  "Find Approved": { ModelPackageSummaryList: [] },
  "Find Pending": { ModelPackageSummaryList: [] },
  "Describe Champion": {
    ModelPackageArn: "arn:package/1",
    InferenceSpecification: { Containers: [{ ModelDataUrl: "s3://artifacts/1/model.tar.gz" }] },
    CustomerMetadataProperties: { baseline: "s3://artifacts/baseline.json", dataVersion: "v0" },
  },
  "Plan Drift": { Payload: { schema: sameSchema, sql: "" } },
  "Query Drift": { QueryExecution: { QueryExecutionId: "q1" } },
  "Read Drift": {
    ResultSet: {
      Rows: [{ Data: [{ VarCharValue: "feature" }, { VarCharValue: "ks" }] }, { Data: [{ VarCharValue: "job" }, {}] }],
    },
  },
  "Judge Drift": { Payload: { verdict: "stable", reason: "no feature moved", features: [] } },
  "Train Model": {
    Output: { model: "credit-risk", outcome: "retrained", reason: "first version", modelPackageArn: "arn:package/2" },
  },
  "Read Query": { Body: "SELECT * FROM credit_card" },
  Train: { TrainingJobName: "job", ModelArtifacts: { S3ModelArtifacts: "s3://artifacts/2/model.tar.gz" } },
  Gate: { Payload: { passed: true, reason: "auc 0.8", metrics: { auc: 0.8 }, champion: {}, rows: 200 } },
  "Plan Baseline": { Payload: { sql: "SELECT 1", features: [{ name: "age", type: "bigint" }] } },
  "Query Baseline": { QueryExecution: { QueryExecutionId: "q2" } },
  Register: { ModelPackageArn: "arn:package/2" },
  "Describe Package": {
    ModelPackageGroupName: "credit-risk",
    ModelPackageVersion: 2,
    ModelApprovalStatus: "Approved",
    CustomerMetadataProperties: { dataVersion: "v2", product: "credit-card", testData: "s3://artifacts/test.csv" },
  },
  "Find Newest Approved": { ModelPackageSummaryList: [{ ModelPackageArn: "arn:package/2" }] },
  "Find Endpoint": { Endpoints: [{ EndpointName: "credit-risk-eu" }] },
  "Describe Endpoint": { EndpointConfigName: "old", EndpointStatus: "InService" },
  "Create Model": { ModelArn: "arn:aws:sagemaker:eu-central-1:1:model/credit-risk-v2" },
  "Create Endpoint Config": { EndpointConfigArn: "arn:aws:sagemaker:eu-central-1:1:endpoint-config/credit-risk-v2" },
  "Smoke Test": { Payload: { rows: 200, auc: 0.8, reason: "smoke test passed" } },
};
export { sameSchema };
