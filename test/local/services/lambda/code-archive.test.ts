import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { zipFolder } from "../../../../local/services/lambda/code-archive.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

it("zips a folder so that others unpack it: names, contents, modes, the same bytes each time", () => {
  const folder = temporaryFolder("to-zip");
  mkdirSync(join(folder, "lib/ü"), { recursive: true });
  writeFileSync(join(folder, "index.js"), "exports.handler = async () => 1;\n".repeat(100));
  writeFileSync(join(folder, "lib/ü/empty"), "");
  writeFileSync(join(folder, "run.sh"), "#!/bin/sh\n");
  chmodSync(join(folder, "run.sh"), 0o755);
  const zip = zipFolder(folder);
  expect(zipFolder(folder)).toEqual(zip);
  const target = temporaryFolder("unzipped");
  const archive = join(target, "code.zip");
  writeFileSync(archive, zip);
  const script = `
import sys, zipfile, os
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    for info in archive.infolist():
        path = archive.extract(info, sys.argv[2])
        os.chmod(path, (info.external_attr >> 16) & 0o777)
    print("\\n".join(sorted(archive.namelist())))
`;
  const names = execFileSync("python3", ["-c", script, archive, target], { encoding: "utf8" });
  expect(names.trim().split("\n")).toEqual(["index.js", "lib/ü/empty", "run.sh"]);
  expect(readFileSync(join(target, "index.js"))).toEqual(readFileSync(join(folder, "index.js")));
  expect(readFileSync(join(target, "lib/ü/empty"), "utf8")).toBe("");
  expect(statSync(join(target, "run.sh")).mode & 0o777).toBe(0o755);
});
