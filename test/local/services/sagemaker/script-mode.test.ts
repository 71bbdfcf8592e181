import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tarball } from "../../../../infra/tarball.ts";
import { BUCKET, openSagemakerHome, type SagemakerHome } from "./sagemaker-home.ts";
import { jobEnd, startTraining, type TrainingScript } from "./script-job.ts";

/** Leaves its arguments, variables and configuration files as its checkpoint. */
const TELL = `import json, os, sys
config = os.environ["SM_INPUT_CONFIG_DIR"]
files = {name: json.load(open(os.path.join(config, name))) for name in sorted(os.listdir(config))}
told = {"arguments": sys.argv, "variables": dict(os.environ), "files": files, "folder": os.getcwd()}
checkpoints = os.path.join(os.path.dirname(os.environ["SM_MODEL_DIR"]), "checkpoints")
earlier = sorted(os.listdir(checkpoints))
json.dump({**told, "earlier": earlier}, open(checkpoints + "/told.json", "w"))
`;

interface Told {
  arguments: string[];
  variables: Record<string, string>;
  files: Record<string, Record<string, unknown>>;
  folder: string;
  earlier: string[];
}

let home: SagemakerHome;
beforeAll(async () => {
  home = await openSagemakerHome();
  await home.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
});
afterAll(() => home.close());

async function told(job: Partial<TrainingScript> & { name: string }): Promise<Told> {
  const CheckpointConfig = { S3Uri: `s3://${BUCKET}/checkpoints/${job.name}` };
  await startTraining(home, { script: TELL, ...job, request: { CheckpointConfig, ...job.request } });
  expect(await jobEnd(home, job.name, "Training")).toMatchObject({ TrainingJobStatus: "Completed" });
  const Key = `checkpoints/${job.name}/told.json`;
  const { Body } = await home.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  return JSON.parse((await Body?.transformToString()) ?? "");
}

describe("script mode", () => {
  it("hands hyperparameters on as the training toolkit does", async () => {
    const hyperparameters = {
      epochs: "3",
      rate: "1e-5",
      whole: "1.0",
      flag: "true",
      none: "null",
      names: '["a", "it\'s", 1]',
      grid: '{"depth": [3, 4.0], "deep": true}',
      quoted: '"two words"',
      plain: "two words; $HOME 'x'",
      x: "7",
      long: "y".repeat(2500),
    };
    const { arguments: given, variables } = await told({ name: "hyperparameters", hyperparameters });
    expect(given.slice(1)).toEqual([
      ...["--epochs", "3", "--flag", "True", "--grid", "deep=True,depth=[3, 4.0]", "--long", "y".repeat(2500)],
      ...["--names", "['a', \"it's\", 1]", "--none", "", "--plain", "two words; $HOME 'x'", "--quoted", "two words"],
      ...["--rate", "1e-05", "--whole", "1.0", "-x", "7"],
    ]);
    expect(variables).toMatchObject({
      SM_HP_EPOCHS: "3",
      SM_HP_FLAG: "true",
      SM_HP_GRID: '{"deep":true,"depth":[3,4.0]}',
      SM_HP_NONE: "",
      SM_HP_NAMES: '["a","it\'s",1]',
      SM_HP_RATE: "1e-05",
      SM_HP_WHOLE: "1.0",
      SM_HP_QUOTED: "two words",
    });
    expect(JSON.parse(variables.SM_USER_ARGS ?? "")).toEqual(given.slice(1));
    expect(JSON.parse(variables.SM_HPS ?? "")).toMatchObject({ grid: { depth: [3, 4], deep: true }, none: null });
  });

  it("has all variables and configuration files of the toolkit", async () => {
    await home.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "data/a.csv", Body: "1" }));
    const { variables, files } = await told({
      name: "variables",
      channels: [
        {
          ChannelName: "train",
          ContentType: "text/csv",
          DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: `s3://${BUCKET}/data/` } },
        },
      ],
      hyperparameters: { depth: "3", sagemaker_container_log_level: "10", sagemaker_estimator: '"x"' },
    });
    expect(variables).toMatchObject({
      SM_CHANNELS: '["train"]',
      SM_CHANNEL_TRAIN: expect.stringMatching(/\/input\/data\/train$/),
      SM_CURRENT_INSTANCE_GROUP: "homogeneousCluster",
      SM_FRAMEWORK_PARAMS: '{"sagemaker_estimator":"x"}',
      SM_FRAMEWORK_MODULE: "",
      SM_IS_HETERO: "false",
      SM_LOG_LEVEL: "10",
      SM_MODULE_DIR: `s3://${BUCKET}/variables.tar.gz`,
      SM_MODULE_NAME: "train",
      SM_OUTPUT_INTERMEDIATE_DIR: expect.stringMatching(/\/output\/intermediate$/),
      SM_USER_ENTRY_POINT: "train.py",
      TRAINING_JOB_NAME: "variables",
    });
    expect(JSON.parse(variables.SM_TRAINING_ENV ?? "")).toMatchObject({
      additional_framework_parameters: { sagemaker_estimator: "x" },
      channel_input_dirs: { train: variables.SM_CHANNEL_TRAIN },
      current_host: "algo-1",
      hyperparameters: { depth: 3 },
      is_master: true,
      job_name: "variables",
      module_dir: `s3://${BUCKET}/variables.tar.gz`,
      resource_config: JSON.parse(variables.SM_RESOURCE_CONFIG ?? ""),
    });
    expect(files).toEqual({
      "checkpointconfig.json": { S3Uri: `s3://${BUCKET}/checkpoints/variables` },
      "hyperparameters.json": {
        depth: "3",
        sagemaker_container_log_level: "10",
        sagemaker_estimator: '"x"',
        sagemaker_program: "train.py",
        sagemaker_submit_directory: `s3://${BUCKET}/variables.tar.gz`,
      },
      "inputdataconfig.json": {
        train: {
          ContentType: "text/csv",
          RecordWrapperType: "None",
          S3DistributionType: "FullyReplicated",
          TrainingInputMode: "File",
        },
      },
      "resourceconfig.json": expect.objectContaining({ current_host: "algo-1", hosts: ["algo-1"] }),
    });
  });

  it("finds the checkpoints of an earlier job", async () => {
    expect((await told({ name: "first" })).earlier).toEqual([]);
    const CheckpointConfig = { S3Uri: `s3://${BUCKET}/checkpoints/first/` };
    await startTraining(home, { name: "second", script: TELL, request: { CheckpointConfig } });
    await jobEnd(home, "second", "Training");
    const Key = "checkpoints/first/told.json";
    const { Body } = await home.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    expect(JSON.parse((await Body?.transformToString()) ?? "")).toMatchObject({ earlier: ["told.json"] });
  });

  it("runs a program in a folder of the source, its own folder first in the path", async () => {
    const { folder, arguments: given } = await told({
      name: "folder",
      program: "src/deep/train.py",
      script: `import beside\n${TELL}`,
      files: { "src/deep/beside.py": "" },
      hyperparameters: { depth: "3" },
    });
    expect(folder).toMatch(/\/code$/);
    expect(given[0]).toMatch(/src\/deep\/train\.py$/);
  });

  it("can import what the XGBoost image has of its own", async () => {
    const script = `import importlib.util
assert importlib.util.find_spec("sagemaker_xgboost_container.data_utils")
${TELL}`;
    const { variables } = await told({ name: "image", script, request: { Environment: { PYTHONPATH: "/own" } } });
    expect(variables.PYTHONPATH).toMatch(/^\/own:.*toolkit$/);
  });

  it("takes the source from a channel", async () => {
    const Body = tarball([
      { path: "main.py", content: Buffer.from(TELL) },
      { path: "requirements.txt", content: Buffer.from("# the standard library will do\n") },
    ]);
    await home.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "hosted/sourcedir.tar.gz", Body }));
    const DataSource = { S3DataSource: { S3DataType: "S3Prefix" as const, S3Uri: `s3://${BUCKET}/hosted/` } };
    const sagemaker_submit_directory = "/opt/ml/input/data/code/sourcedir.tar.gz";
    const { arguments: given } = await told({
      name: "hosted",
      channels: [{ ChannelName: "code", DataSource }],
      hyperparameters: { sagemaker_program: "main.py", sagemaker_submit_directory },
    });
    expect(given[0]).toMatch(/main\.py$/);
  });

  it("installs a source with a setup.py, and runs its module", async () => {
    const { arguments: given, variables } = await told({
      name: "package",
      program: "train.py",
      script: `import importlib.metadata, trainer.data\nassert importlib.metadata.version("risk-trainer") == "1.2"\n${TELL}`,
      files: {
        "setup.py": `from setuptools import setup
setup(name="risk-trainer", version="1.2", package_dir={"": "lib"}, packages=["trainer"])
`,
        "lib/trainer/__init__.py": "",
        "lib/trainer/data.py": "",
      },
      hyperparameters: { depth: "3", title: "two words" },
    });
    expect(given).toEqual([expect.stringMatching(/\/code\/train\.py$/), "--depth", "3", "--title", "two words"]);
    expect(variables.SM_MODULE_NAME).toBe("train");
  });
});
