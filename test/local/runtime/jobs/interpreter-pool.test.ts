import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../../../local/clock.ts";
import {
  attachSupervised,
  contained,
  containerEnvironment,
  createEnvironmentCache,
  createInterpreterPool,
  type Environment,
  type InterpreterPool,
  isolation,
  jobFolders,
  startSupervised,
} from "../../../../local/runtime/jobs/index.ts";
import { identify } from "../../../../local/runtime/jobs/process-identity.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

let place: string;
let environment: Environment;
let pool: InterpreterPool;
let jobs = 0;

beforeAll(async () => {
  place = temporaryFolder("interpreter");
  environment = await createEnvironmentCache(join(place, "environments")).provide("");
});
const newPool = () => createInterpreterPool(join(place, `interpreters-${++jobs}`), systemClock);
afterEach(() => pool.close());

/** Lays a job out whose /opt/ml/code holds `files`. */
function layOut(files: Record<string, string>, command: string[], variables: Record<string, string> = {}) {
  const folders = jobFolders(join(place, `job-${++jobs}`));
  for (const folder of [join(folders.root, "code"), folders.control]) mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folders.root, "code", name), text);
  const scratch = join(place, "scratch");
  const container = {
    command,
    environment: { ...containerEnvironment(environment, scratch), SM_MODEL_DIR: "/opt/ml/model", ...variables },
    workingDirectory: "/opt/ml/code",
  };
  return { ...folders, environment, container };
}

async function run(files: Record<string, string>, command = ["python3", "main.py"], variables = {}) {
  const job = layOut(files, command, variables);
  const exit = await (await pool.start(job)).exited;
  const log = existsSync(job.logFile) ? readFileSync(job.logFile, "utf8") : "";
  return { exit, log, code: exit.kind === "exited" ? exit.code : undefined };
}

/** The interpreters that this process has started and that have not ended. */
function interpreters(): string[] {
  return readdirSync("/proc/self/task")
    .flatMap((task) => readFileSync(`/proc/self/task/${task}/children`, "utf8").split(" "))
    .filter((pid) => existsSync(`/proc/${pid}/cmdline`))
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("interpreter.py"));
}

const PROBE = `import json, os, sys, signal
print(json.dumps({"argv": sys.argv, "path0": sys.path[0], "file": __file__, "name": __name__, "doc": __doc__, "spec": __spec__,
  "cwd": os.getcwd(), "environ": dict(sorted(os.environ.items())), "executable": sys.executable, "flags": list(sys.flags),
  "leader": os.getpgrp() == os.getsid(0), "stdin": os.read(0, 1).decode(), "encoding": sys.stdout.encoding,
  "term": str(signal.getsignal(signal.SIGTERM)), "int": str(signal.getsignal(signal.SIGINT)), "quit": str(signal.getsignal(signal.SIGQUIT)), "main": sys.modules["__main__"].__file__,
  "descriptors": sorted(map(int, os.listdir("/proc/self/fd")))[:3], "seen": sorted(os.listdir("/opt/ml/code"))}))
def typed(x: "int"): return x
print("last", sorted(globals()))
`;

describe.skipIf(process.platform !== "linux")("a job started by a waiting interpreter", () => {
  it("finds itself as a plain start would have it", async () => {
    pool = newPool();
    const command = ["python3", "main.py", "--depth", "4", "a b"];
    const forked = await run({ "main.py": PROBE }, command);
    const job = layOut({ "main.py": PROBE }, command);
    const plain = contained(job.container, job.root, await isolation(place));
    const started = await startSupervised({ control: job.control, logFile: job.logFile, ...plain });
    await started.exited;
    const [seen = "{}", globals] = forked.log.split("\n");
    const [expected = "{}", expectedGlobals] = readFileSync(job.logFile, "utf8").split("\n");
    // What unshare and sh leave in the environment on the way is theirs, not the contract's.
    const of = (text: string) => {
      const { environ, ...rest }: { environ: Record<string, string> } = JSON.parse(text);
      const { PWD: _pwd, OLDPWD: _old, SHLVL: _level, _: _last, LC_CTYPE: _type, ...variables } = environ;
      return { ...rest, environ: variables };
    };
    expect(of(seen)).toEqual(of(expected));
    expect(globals).toBe(expectedGlobals);
    expect(forked.code).toBe(0);
  });

  it.each([
    { name: "a number given to exit", script: "import sys\nsys.exit(3)", code: 3, said: "" },
    { name: "words given to exit", script: 'import sys\nsys.exit("no data")', code: 1, said: "no data\n" },
    { name: "a signal", script: "import os\nos.kill(os.getpid(), 9)", code: 137, said: "" },
    {
      name: "a return",
      script: "import atexit\natexit.register(print, 'bye')\nprint('hello')",
      code: 0,
      said: "hello\nbye\n",
    },
  ])("ends with the code of $name", async ({ script, code, said }) => {
    pool = newPool();
    expect(await run({ "main.py": script })).toMatchObject({ code, log: said });
  });

  it("tells an error from the script's own first line on", async () => {
    pool = newPool();
    const { code, log } = await run({ "main.py": "def work():\n    raise ValueError('bad')\nwork()\n" });
    expect(code).toBe(1);
    expect(log).toMatch(/^Traceback \(most recent call last\):\n {2}File "[^"]*main\.py", line 3, in <module>/);
    expect(log).toContain("ValueError: bad");
    expect(log).not.toContain("interpreter.py");
  });

  it("says as Python does that there is no such script", async () => {
    pool = newPool();
    const { code, log } = await run({}, ["python3", "absent.py"]);
    expect(code).toBe(2);
    expect(log).toMatch(/can't open file .*absent\.py/);
  });

  it("is stopped by a signal, with all it started", async () => {
    pool = newPool();
    const script =
      "import subprocess, time\nchild = subprocess.Popen(['sleep', '600'])\nprint(child.pid, flush=True)\ntime.sleep(600)";
    const job = layOut({ "main.py": script }, ["python3", "main.py"]);
    const started = await pool.start(job);
    const pid = Number(await textOf(job.logFile));
    started.kill("SIGTERM");
    expect(await started.exited).toMatchObject({ kind: "exited", code: 143 });
    while (identify(pid) !== undefined) await new Promise(setImmediate);
  });

  it("lives on when the interpreter and its home are killed, and is found by the next home", async () => {
    pool = newPool();
    const script =
      "import time, os\nprint('on', flush=True)\nwhile not os.path.exists('go'): time.sleep(0.01)\nprint('done')";
    const job = layOut({ "main.py": script }, ["python3", "main.py"]);
    const module = new URL("../../../../local/runtime/jobs/index.ts", import.meta.url).href;
    const clock = new URL("../../../../local/clock.ts", import.meta.url).href;
    const program = `
      import { createInterpreterPool } from ${JSON.stringify(module)};
      import { systemClock } from ${JSON.stringify(clock)};
      const pool = createInterpreterPool(${JSON.stringify(join(place, "dying"))}, systemClock);
      await pool.start(${JSON.stringify(job)});
      process.kill(process.pid, "SIGKILL");`;
    const home = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: "inherit" });
    await new Promise((resolve) => home.once("exit", resolve));
    await textOf(job.logFile);
    const found = attachSupervised(job.control);
    writeFileSync(join(job.root, "code", "go"), "");
    expect(await found?.exited).toMatchObject({ kind: "exited", code: 0 });
    expect(readFileSync(job.logFile, "utf8")).toBe("on\ndone\n");
  });

  it("leaves no interpreter behind when its home is killed", async () => {
    pool = newPool();
    const job = layOut({ "main.py": "import os\nprint(os.getppid())" }, ["python3", "main.py"]);
    const module = new URL("../../../../local/runtime/jobs/index.ts", import.meta.url).href;
    const clock = new URL("../../../../local/clock.ts", import.meta.url).href;
    const program = `
      import { readdirSync, readFileSync } from "node:fs";
      import { createInterpreterPool } from ${JSON.stringify(module)};
      import { systemClock } from ${JSON.stringify(clock)};
      const pool = createInterpreterPool(${JSON.stringify(join(place, "killed"))}, systemClock);
      await (await pool.start(${JSON.stringify(job)})).exited;
      const started = readdirSync("/proc/" + process.pid + "/task")
        .flatMap((task) => readFileSync("/proc/" + process.pid + "/task/" + task + "/children", "utf8").trim().split(" "))
        .filter((pid) => pid !== "" && readFileSync("/proc/" + pid + "/cmdline", "utf8").includes("interpreter.py"));
      process.stdout.write(started.join(" "), () => process.kill(process.pid, "SIGKILL"));`;
    const home = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    home.stdout.on("data", (chunk) => {
      said += chunk;
    });
    await new Promise((resolve) => home.once("close", resolve));
    const interpreters = said.split(" ").map(Number);
    expect(interpreters).toHaveLength(1);
    for (const pid of interpreters) while (identify(pid) !== undefined) await new Promise(setImmediate);
  });

  it("W3: shares its interpreter with the environment's next job, and the interpreter ends with its home", async () => {
    while (interpreters().length > 0) await new Promise(setImmediate);
    pool = newPool();
    expect((await run({ "main.py": "" })).code).toBe(0);
    const waiting = interpreters();
    expect(waiting).toHaveLength(1);
    expect((await run({ "main.py": "" })).code).toBe(0);
    expect(interpreters()).toEqual(waiting);
    pool.close();
    while (interpreters().length > 0) await new Promise(setImmediate);
  });

  it("runs once when it is started twice", async () => {
    pool = newPool();
    const job = layOut({ "main.py": "open('runs', 'a').write('x')" }, ["python3", "main.py"]);
    const exits = await Promise.all(
      (await Promise.all([pool.start(job), pool.start(job)])).map(({ exited }) => exited),
    );
    expect(exits.map((exit) => exit.kind === "exited" && exit.code)).toEqual([0, 0]);
    expect(readFileSync(join(job.root, "code", "runs"), "utf8")).toBe("x");
  });
});

describe.skipIf(process.platform !== "linux")("what is imported ahead", () => {
  const loading = (name: string) => `import sys\nprint('${name}' in sys.modules)\nimport ${name}\n`;
  const LOADED = loading("wave");

  it("is what an earlier job of the environment imported, where it ended well", async () => {
    // A module no other test imports: what is learned is kept with the environment.
    const FIRST = loading("tabnanny");
    pool = newPool();
    expect((await run({ "main.py": "import shelve, sys\nsys.exit(1)" })).code).toBe(1);
    expect((await run({ "main.py": FIRST })).log).toBe("False\n");
    pool.close();
    pool = newPool();
    expect((await run({ "main.py": FIRST })).log).toBe("True\n");
    expect((await run({ "main.py": "import sys\nprint('shelve' in sys.modules)" })).log).toBe("False\n");
  });

  it("gives way to a module of the same name beside the script", async () => {
    pool = newPool();
    await run({ "main.py": LOADED });
    pool.close();
    pool = newPool();
    const files = { "main.py": "import wave\nprint(wave.whose)", "wave.py": "whose = 'the script'" };
    expect((await run(files)).log).toBe("the script\n");
  });

  it("is left out for a job with variables of its own, which an import may read", async () => {
    pool = newPool();
    await run({ "main.py": LOADED });
    pool.close();
    pool = newPool();
    expect((await run({ "main.py": LOADED }, undefined, { OMP_NUM_THREADS: "1" })).log).toBe("False\n");
    expect((await run({ "main.py": LOADED }, undefined, { GOMP_SPINCOUNT: "9" })).log).toBe("False\n");
    expect((await run({ "main.py": LOADED }, ["python3", "-u", "main.py"])).log).toBe("False\n");
  });

  it("is left out where an import says something, which each job's log then has, and the home goes on", async () => {
    const script = "import this, wave, sys\nprint('wave' in sys.modules)\n";
    pool = newPool();
    const first = await run({ "main.py": script });
    expect(first.log).toMatch(/^The Zen of Python.*\nTrue\n$/s);
    for (const again of ["the interpreter that learns of it", "the next"]) {
      pool.close();
      pool = newPool();
      expect((await run({ "main.py": `import sys\nprint('wave' in sys.modules)\n${script}` })).log, again).toBe(
        `True\n${first.log}`,
      );
    }
  });

  it("is left out where an import keeps a thread, which a fork would lose", async () => {
    const site = join(environment.bin, "..", "lib");
    const [version = ""] = readdirSync(site);
    const threaded = "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n";
    writeFileSync(join(site, version, "site-packages", "threaded.py"), threaded);
    const script = "import sys\nprint('threaded' in sys.modules)\nimport threaded\n";
    pool = newPool();
    expect((await run({ "main.py": script })).log).toBe("False\n");
    pool.close();
    pool = newPool();
    expect(await run({ "main.py": script })).toMatchObject({ code: 0, log: "False\n" });
    expect(await run({ "main.py": script })).toMatchObject({ code: 0, log: "False\n" });
  });
});

/** The file's text once there is a whole line in it. */
async function textOf(file: string): Promise<string> {
  while (!existsSync(file) || !readFileSync(file, "utf8").includes("\n")) await new Promise(setImmediate);
  return readFileSync(file, "utf8");
}
