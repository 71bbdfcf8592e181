/**
 * A processing job's side of the container contract: its configuration files, its command, its requirements.
 *
 * https://docs.aws.amazon.com/sagemaker/latest/dg/build-your-own-processing-container.html
 */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { CONTAINER_ROOT, type ContainerCommand, hostPath } from "./container.ts";

const MOST_TEXT_BYTES = 16 * 1024;

export interface ProcessingContainer {
  /** The request as DescribeProcessingJob shows it; written to processingjobconfig.json. */
  configuration: object;
  entrypoint: readonly string[];
  arguments: readonly string[];
  environment: Readonly<Record<string, string>>;
  instanceType: string;
  /** Container paths of the outputs, made before the script runs. */
  outputPaths: readonly string[];
}

const HOST = "algo-1";

/** Writes the configuration under `root` and tells what to run. */
export function prepareProcessing(root: string, container: ProcessingContainer): ContainerCommand {
  const config = join(root, "config");
  mkdirSync(config, { recursive: true });
  mkdirSync(join(root, "output"), { recursive: true });
  writeFileSync(join(config, "processingjobconfig.json"), JSON.stringify(container.configuration, null, 2));
  writeFileSync(join(config, "resourceconfig.json"), JSON.stringify(resourceConfig(container.instanceType)));
  for (const path of container.outputPaths) mkdirSync(hostPath(root, path), { recursive: true });
  return {
    command: [...container.entrypoint, ...container.arguments],
    environment: container.environment,
    workingDirectory: CONTAINER_ROOT,
  };
}

/** resourceconfig.json of one instance. */
export function resourceConfig(instanceType: string) {
  return {
    current_host: HOST,
    current_instance_type: instanceType,
    current_group_name: "homogeneousCluster",
    hosts: [HOST],
    instance_groups: [{ instance_group_name: "homogeneousCluster", instance_type: instanceType, hosts: [HOST] }],
    network_interface_name: "lo",
  };
}

/** The text of the requirements.txt beside the first script the command names; undefined when there is none. */
export function requirementsBeside(root: string, command: readonly string[]): string | undefined {
  for (const argument of command) {
    if (!argument.startsWith(`${CONTAINER_ROOT}/`)) continue;
    const file = join(dirname(hostPath(root, argument)), "requirements.txt");
    if (existsSync(file)) return readFileSync(file, "utf8");
  }
  return undefined;
}

/** What the script left in /opt/ml/output/<name> (`message`, `failure`), cut to SageMaker's 1,024 characters. */
export function outputText(root: string, name: "message" | "failure"): string | undefined {
  try {
    const text = startOf(join(root, "output", name)).trim();
    return text === "" ? undefined : text.slice(0, 1024);
  } catch {
    return undefined; // The job's own making: whatever keeps it from being read, it says nothing.
  }
}

/** @throws the system's error, and for what is no file: a pipe would never end, and a link may lead anywhere */
function startOf(file: string): string {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!fstatSync(descriptor).isFile()) throw new TypeError(`${file} is no file`);
    const bytes = Buffer.alloc(MOST_TEXT_BYTES);
    return bytes.toString("utf8", 0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}
