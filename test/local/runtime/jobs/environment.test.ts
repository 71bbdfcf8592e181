import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { baseRequirements } from "../../../../local/runtime/jobs/base-environments.ts";
import { createEnvironmentCache, environmentHash } from "../../../../local/runtime/jobs/environment.ts";
import { findPython } from "../../../../local/runtime/jobs/find-python.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

let folder: string;

beforeEach(() => {
  folder = temporaryFolder("environment");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A package of one module, as pip installs it without a network. */
function writeWheel(file: string): void {
  const script = `import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("own.py", "NAME = 'own'")
    info = "own-1.0.dist-info/"
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: own\\nVersion: 1.0\\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "RECORD", "")`;
  execFileSync("python3", ["-I", "-c", script, file]);
}

describe("createEnvironmentCache", () => {
  it("E1, E3: builds an environment once for all who ask, again only where its mark is missing", async () => {
    const requirements = "# nothing but the standard library\n";
    const [one, other] = await Promise.all([
      createEnvironmentCache(folder).provide(requirements),
      createEnvironmentCache(folder).provide("\n"),
    ]);
    expect(one).toEqual(other);
    expect(existsSync(one.python)).toBe(true);
    expect(readdirSync(folder)).toHaveLength(1);
    const home = join(folder, readdirSync(folder)[0] ?? "");
    mkdirSync(join(folder, "aside"));
    writeFileSync(join(home, "build/exit"), "1");
    rmSync(join(home, "complete"));
    writeFileSync(join(home, "venv/half-written"), "");
    await createEnvironmentCache(folder).provide("");
    expect(existsSync(join(home, "venv/half-written"))).toBe(false);
    expect(existsSync(join(home, "complete"))).toBe(true);
  });

  it("E4: builds an environment anew whose interpreter is gone", async () => {
    const { python } = await createEnvironmentCache(folder).provide("");
    rmSync(python);
    symlinkSync(join(folder, "removed-python"), python);
    const again = await createEnvironmentCache(folder).provide("");
    expect(execFileSync(again.python, ["-c", "print('runs')"], { encoding: "utf8" })).toBe("runs\n");
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it("is kept from its work by nothing that the user's shell has for other Pythons", async () => {
    const modules = join(folder, "modules");
    mkdirSync(modules);
    for (const module of ["json", "venv", "sitecustomize"])
      writeFileSync(join(modules, `${module}.py`), "raise RuntimeError('of another Python')");
    const elsewhere = join(folder, "elsewhere");
    const shell = { PYTHONHOME: elsewhere, PYTHONPATH: modules, PIP_USER: "1", PIP_TARGET: elsewhere };
    for (const [name, value] of Object.entries(shell)) vi.stubEnv(name, value);
    const wheel = join(folder, "own-1.0-py3-none-any.whl");
    writeWheel(wheel);
    const { python } = await createEnvironmentCache(join(folder, "cache")).provide(`${wheel}\n`);
    vi.unstubAllEnvs();
    expect(execFileSync(python, ["-c", "import own; print(own.NAME)"], { encoding: "utf8" })).toBe("own\n");
    expect(existsSync(elsewhere)).toBe(false);
  });

  it("looks for the machine's Python ahead of the first job, and not again for it", async () => {
    const { executable } = await findPython();
    const asked = join(folder, "asked");
    const python = join(folder, "python3");
    writeFileSync(python, `#!/bin/sh\necho once >> '${asked}'\nexec '${executable}' "$@"\n`, { mode: 0o755 });
    const cache = createEnvironmentCache(join(folder, "environments"), { python });
    await Promise.all([cache.prepare(), cache.prepare()]);
    expect(existsSync(asked)).toBe(true);
    await cache.provide("");
    expect(readFileSync(asked, "utf8")).toBe("once\n");
  });

  it("says what pip said when a requirement cannot be installed", async () => {
    const cache = createEnvironmentCache(folder);
    await expect(cache.provide("./no-such-package\n")).rejects.toThrow(
      /could not install the job's requirements.*no-such-package/s,
    );
  });
});

describe("environmentHash", () => {
  it("leaves comments out and keeps versions apart", () => {
    const python = { version: "3.11" };
    expect(environmentHash("a==1 # why\n\n", python)).toBe(environmentHash("# x\na==1\n", python));
    expect(environmentHash("a==1", python)).not.toBe(environmentHash("a==2", python));
    expect(environmentHash("a==1", python)).not.toBe(environmentHash("a==1", { version: "3.12" }));
  });
});

describe("findPython", () => {
  it("says in one line how to get one where there is none", async () => {
    const failure = await findPython(undefined, folder).catch((thrown: unknown) => String(thrown));
    expect(failure).toMatch(
      /^PythonMissingError: jobs need Python 3\.10 or later with venv \(none found in PATH\); get it by/,
    );
    expect(failure).not.toContain("\n");
  });

  it("names the interpreter that is too old", async () => {
    writeFileSync(join(folder, "python3"), "#!/bin/sh\necho 3 8 venv /usr/bin/python3.8\n", { mode: 0o755 });
    await expect(findPython(undefined, folder)).rejects.toThrow("/usr/bin/python3.8 is 3.8");
  });
});

describe("baseRequirements", () => {
  it("maps a framework image to its packages and refuses an unknown one by name", () => {
    expect(baseRequirements("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.2-0")).toContain(
      "xgboost-cpu==3.2.0",
    );
    expect(baseRequirements("x.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3")).toContain("scikit-learn==1.4.2");
    expect(() => baseRequirements("x/my-image:1")).toThrow(/x\/my-image:1 has no local environment/);
  });
});
