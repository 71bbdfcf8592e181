/**
 * Script mode: what SageMaker's training toolkit runs, and with which arguments and variables.
 *
 * https://github.com/aws/sagemaker-training-toolkit/blob/master/ENVIRONMENT_VARIABLES.md
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CODE_FOLDER, CONTAINER_ROOT, type ContainerCommand } from "./container.ts";
import { resourceConfig } from "./processing-container.ts";
import { dumps, entries, loads, type PythonValue, pythonValue, str } from "./python-values.ts";
import type { TrainingContainer } from "./training-container.ts";

const RUN_PACKAGE = fileURLToPath(new URL("run-package.sh", import.meta.url));
const TOOLKIT_FOLDER = fileURLToPath(new URL("toolkit", import.meta.url));
const IMAGES_OWN = "sagemaker_xgboost_container";
/** The toolkit's way with a program that is no Python: made executable, then run with its arguments. */
const RUN_EXECUTABLE = 'chmod 777 "$0" && exec "$0" "$@"';
const GROUP = "homogeneousCluster";
/** What its pip needs to build it; the toolkit's image has them. */
const BUILD_TOOLS = "setuptools>=70.1\n";
/** pip's own, but not where it is to install, and those of a network that is reached by a proxy. */
const PIP_VARIABLES =
  /^(PIP_(?!(USER|TARGET|PREFIX|ROOT|PYTHON)$).*|(https?|all|no)_proxy|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE)$/i;
/** Hyperparameters that steer the toolkit itself; others of this prefix are the framework's. */
const PREFIX = "sagemaker_";
const TOOLKIT: ReadonlySet<string> = new Set(
  ["program", "submit_directory", "container_log_level", "job_name", "region", "s3_output"].map((n) => PREFIX + n),
);

/** A hyperparameter as the toolkit reads it: JSON, else the text itself. */
export function hyperparameter(text: string): PythonValue {
  const value = loads(text);
  return value === undefined ? text : value;
}

/** Whether the source archive, unpacked under `root`, is a package to the toolkit. */
function isPackage(root: string): boolean {
  return existsSync(join(root, "code", "setup.py"));
}

/** What the environment must have besides the source's requirements. */
export function buildRequirements(root: string): string {
  return isPackage(root) ? BUILD_TOOLS : "";
}

/** @param root the job's /opt/ml, with the source unpacked; @param program sagemaker_program */
export function scriptMode(root: string, container: TrainingContainer, program: string): ContainerCommand {
  const own = valuesOf(container, (name) => !name.startsWith(PREFIX));
  const userArguments = entries(own).flatMap(([name, value]) => [
    name.length === 1 ? `-${name}` : `--${name}`,
    argument(value),
  ]);
  const packaged = isPackage(root);
  return {
    command: [...programCommand(program, packaged), ...userArguments],
    environment: {
      ...(packaged && pipVariables()),
      ...container.environment,
      ...(namesToolkit(root) && { PYTHONPATH: pythonPath(container.environment.PYTHONPATH) }),
      ...variables(container, program, own, userArguments),
    },
    workingDirectory: CODE_FOLDER,
  };
}

/** By its kind, as the toolkit decides it: https://github.com/aws/sagemaker-training-toolkit/blob/master/src/sagemaker_training/entry_point_type.py */
function programCommand(program: string, packaged: boolean): string[] {
  if (packaged) return ["/bin/sh", RUN_PACKAGE, program.replaceAll(".py", "")];
  return program.endsWith(".py") ? ["python3", program] : ["/bin/sh", "-c", RUN_EXECUTABLE, `./${program}`];
}

/** Whether a script of the source imports what the XGBoost image has of its own. */
function namesToolkit(root: string): boolean {
  const scripts = readdirSync(join(root, "code"), { withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith(".py"),
  );
  return scripts.some(({ parentPath, name }) => readFileSync(join(parentPath, name)).includes(IMAGES_OWN));
}

function pythonPath(own: string | undefined): string {
  return own === undefined || own === "" ? TOOLKIT_FOLDER : `${own}:${TOOLKIT_FOLDER}`;
}

function pipVariables(): Record<string, string> {
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && PIP_VARIABLES.test(name) ? [[name, value]] : [],
  );
  return Object.fromEntries(own);
}

function valuesOf({ hyperparameters }: TrainingContainer, wanted: (name: string) => boolean) {
  const chosen = Object.entries(hyperparameters).filter(([name]) => wanted(name));
  return Object.fromEntries(chosen.map(([name, text]) => [name, hyperparameter(text)]));
}

/** An object goes as `name=value,name=value`. */
function argument(value: PythonValue): string {
  if (typeof value !== "object" || value === null || Array.isArray(value) || !isPlain(value)) return str(value);
  return entries(value)
    .map(([name, member]) => `${name}=${member === null ? "None" : str(member)}`)
    .join(",");
}

function isPlain(value: object): value is { [key: string]: PythonValue } {
  return Object.getPrototypeOf(value) === Object.prototype;
}

function variables(
  container: TrainingContainer,
  program: string,
  own: { [name: string]: PythonValue },
  userArguments: readonly string[],
): Record<string, string> {
  const channels = Object.keys(container.channels).sort();
  const folders = Object.fromEntries(channels.map((name) => [name, `${CONTAINER_ROOT}/input/data/${name}`]));
  const facts: Record<string, PythonValue> = {
    ...placeFacts(),
    ...hostFacts(container.instanceType),
    input_data_config: pythonValue(container.channels),
    user_entry_point: program,
    module_name: program.replace(/\.py$/, ""),
    module_dir: setting(container, "submit_directory") ?? CODE_FOLDER,
    log_level: setting(container, "container_log_level") ?? pythonValue(20),
    framework_module: null,
  };
  const framework = valuesOf(container, (name) => name.startsWith(PREFIX) && !TOOLKIT.has(name));
  const whole: Record<string, PythonValue> = {
    ...facts,
    additional_framework_parameters: framework,
    channel_input_dirs: folders,
    distribution_hosts: [],
    hyperparameters: own,
    is_master: true,
    is_modelparallel_enabled: null,
    job_name: container.jobName,
    master_hostname: "algo-1",
  };
  return inEnvironment({
    ...facts,
    framework_params: framework,
    channels,
    hps: own,
    training_env: whole,
    user_args: [...userArguments],
    ...Object.fromEntries(channels.map((name) => [`channel_${name}`, folders[name] ?? ""])),
    ...Object.fromEntries(Object.entries(own).map(([name, value]) => [`hp_${name}`, value])),
  });
}

function setting({ hyperparameters }: TrainingContainer, name: string): PythonValue | undefined {
  const text = hyperparameters[`${PREFIX}${name}`];
  return text === undefined ? undefined : hyperparameter(text);
}

function placeFacts(): Record<string, PythonValue> {
  return {
    input_dir: `${CONTAINER_ROOT}/input`,
    input_config_dir: `${CONTAINER_ROOT}/input/config`,
    model_dir: `${CONTAINER_ROOT}/model`,
    output_dir: `${CONTAINER_ROOT}/output`,
    output_data_dir: `${CONTAINER_ROOT}/output/data`,
    output_intermediate_dir: `${CONTAINER_ROOT}/output/intermediate`,
  };
}

function hostFacts(instanceType: string): Record<string, PythonValue> {
  const resources = resourceConfig(instanceType);
  return {
    hosts: resources.hosts,
    current_host: resources.current_host,
    current_instance_type: instanceType,
    current_instance_group: GROUP,
    current_instance_group_hosts: resources.hosts,
    instance_groups: [GROUP],
    instance_groups_dict: { [GROUP]: pythonValue(resources.instance_groups[0]) },
    distribution_instance_groups: [],
    is_hetero: false,
    network_interface_name: resources.network_interface_name,
    num_cpus: pythonValue(availableParallelism()),
    num_gpus: pythonValue(0),
    resource_config: pythonValue(resources),
  };
}

/** `SM_<NAME>`: text as it is, nothing for None, JSON for the rest. */
function inEnvironment(values: Record<string, PythonValue>): Record<string, string> {
  const named = Object.entries(values).map(([name, value]) => [
    `SM_${name.toUpperCase()}`,
    typeof value === "string" || value === null ? str(value) : dumps(value),
  ]);
  return Object.fromEntries(named);
}
