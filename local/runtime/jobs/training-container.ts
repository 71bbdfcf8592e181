/**
 * A training job's side of the container contract, with script mode as SageMaker's training toolkit gives it.
 *
 * https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
 * https://github.com/aws/sagemaker-training-toolkit/blob/master/ENVIRONMENT_VARIABLES.md
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { unpackArchive } from "./archive.ts";
import { CONTAINER_ROOT, type ContainerCommand } from "./container.ts";
import { resourceConfig } from "./processing-container.ts";

export interface TrainingContainer {
  jobName: string;
  jobArn: string;
  hyperparameters: Readonly<Record<string, string>>;
  /** Channel name → its entry of inputdataconfig.json. */
  channels: Readonly<Record<string, object>>;
  environment: Readonly<Record<string, string>>;
  instanceType: string;
  /** AlgorithmSpecification's own command, where the job has no script. */
  entrypoint: readonly string[];
  arguments: readonly string[];
}

/** Neither a script nor an entry point: nothing to run. */
export class NothingToTrainError extends Error {
  override readonly name = "NothingToTrainError";
  readonly code = "NOTHING_TO_TRAIN";
}

const CODE = `${CONTAINER_ROOT}/code`;
/** The toolkit's way with a program that is no Python: made executable, then run with its arguments. */
const RUN_EXECUTABLE = 'chmod 777 "$0" && exec "$0" "$@"';

/** Lays out `root` (inputs are there already) and unpacks `sourceArchive`, the file of sagemaker_submit_directory. */
export async function prepareTraining(
  root: string,
  container: TrainingContainer,
  sourceArchive: string | undefined,
): Promise<ContainerCommand> {
  for (const folder of ["input/config", "input/data", "model", "output/data", "checkpoints", "code"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  const write = (name: string, value: object) =>
    writeFileSync(join(root, "input/config", name), JSON.stringify(value, null, 2));
  write("hyperparameters.json", container.hyperparameters);
  write("inputdataconfig.json", container.channels);
  write("resourceconfig.json", resourceConfig(container.instanceType));
  if (sourceArchive !== undefined) await unpackArchive(sourceArchive, join(root, "code"));
  const program = decoded(container.hyperparameters.sagemaker_program ?? container.environment.SAGEMAKER_PROGRAM);
  if (typeof program === "string") return scriptMode(container, program);
  if (container.entrypoint.length > 0) {
    return {
      command: [...container.entrypoint, ...container.arguments],
      environment: { ...container.environment, ...names(container) },
      workingDirectory: CODE,
    };
  }
  throw new NothingToTrainError(
    "the job has neither the hyperparameter sagemaker_program (script mode) nor a ContainerEntrypoint; give one of them",
  );
}

/** The source archive's requirements.txt, once unpacked. */
export function sourceRequirements(root: string): string | undefined {
  const file = join(root, "code", "requirements.txt");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function scriptMode(container: TrainingContainer, program: string): ContainerCommand {
  const own = Object.entries(container.hyperparameters)
    .filter(([name]) => !name.startsWith("sagemaker_"))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => [name, decoded(value)] as const);
  const userArguments = own.flatMap(([name, value]) => [name.length === 1 ? `-${name}` : `--${name}`, asText(value)]);
  return {
    command: [...programCommand(program), ...userArguments],
    environment: {
      ...container.environment,
      ...scriptModeEnvironment(container, program, own, userArguments),
      ...names(container),
    },
    workingDirectory: CODE,
  };
}

/** By its ending, as the toolkit decides it: https://github.com/aws/sagemaker-training-toolkit/blob/master/src/sagemaker_training/entry_point.py */
function programCommand(program: string): string[] {
  return program.endsWith(".py") ? ["python3", program] : ["/bin/sh", "-c", RUN_EXECUTABLE, `./${program}`];
}

function scriptModeEnvironment(
  { channels, hyperparameters, instanceType }: TrainingContainer,
  program: string,
  own: readonly (readonly [string, unknown])[],
  userArguments: readonly string[],
): Record<string, string> {
  const channelNames = Object.keys(channels).sort();
  return {
    SM_HOSTS: '["algo-1"]',
    SM_CURRENT_HOST: "algo-1",
    SM_CURRENT_INSTANCE_TYPE: instanceType,
    SM_NUM_CPUS: String(availableParallelism()),
    SM_NUM_GPUS: "0",
    SM_NETWORK_INTERFACE_NAME: "lo",
    SM_INPUT_DIR: `${CONTAINER_ROOT}/input`,
    SM_INPUT_CONFIG_DIR: `${CONTAINER_ROOT}/input/config`,
    SM_MODEL_DIR: `${CONTAINER_ROOT}/model`,
    SM_OUTPUT_DIR: `${CONTAINER_ROOT}/output`,
    SM_OUTPUT_DATA_DIR: `${CONTAINER_ROOT}/output/data`,
    SM_OUTPUT_INTERMEDIATE_DIR: `${CONTAINER_ROOT}/output/intermediate`,
    SM_CHANNELS: JSON.stringify(channelNames),
    SM_INPUT_DATA_CONFIG: JSON.stringify(channels),
    SM_RESOURCE_CONFIG: JSON.stringify(resourceConfig(instanceType)),
    SM_HPS: JSON.stringify(Object.fromEntries(own)),
    SM_USER_ARGS: JSON.stringify(userArguments),
    SM_USER_ENTRY_POINT: program,
    SM_MODULE_NAME: program.replace(/\.py$/, ""),
    SM_MODULE_DIR: asText(decoded(hyperparameters.sagemaker_submit_directory) ?? CODE),
    SM_LOG_LEVEL: "20",
    ...Object.fromEntries(
      channelNames.map((name) => [`SM_CHANNEL_${name.toUpperCase()}`, `${CONTAINER_ROOT}/input/data/${name}`]),
    ),
    ...Object.fromEntries(own.map(([name, value]) => [`SM_HP_${name.toUpperCase()}`, asText(value)])),
  };
}

function names({ jobName, jobArn }: TrainingContainer): Record<string, string> {
  return { TRAINING_JOB_NAME: jobName, TRAINING_JOB_ARN: jobArn };
}

/** Hyperparameters are strings; SageMaker's SDK puts JSON into them, others plain text. */
function decoded(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** As the toolkit writes a value on the command line: Python's words for the constants, JSON for the rest. */
function asText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === null) return "None";
  return JSON.stringify(value);
}
