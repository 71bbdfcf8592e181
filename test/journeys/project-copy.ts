/** A project of its own, as a clone would be: all of this one's folders by links, `models/` as a real folder to add to. */
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./command.ts";

/** Copied, for what runs from there finds the project by its own place. */
const COPIED = ["cli", "events", "handlers", "infra", "models", "workflows"];
const LINKED = ["engine", "local", "node_modules", "package.json", "package-lock.json", "tsconfig.json"];

/** @returns the project's folder, which is `folder` */
export function copyProject(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  for (const name of LINKED) symlinkSync(join(ROOT, name), join(folder, name));
  return folder;
}

/** Step 1 of the how-to: a model's folder begins as a copy of credit-risk's, without its data. */
export function copyModel(project: string, name: string): string {
  const folder = join(project, "models", name);
  cpSync(join(project, "models", "credit-risk"), folder, { recursive: true });
  rmSync(join(folder, "data"), { recursive: true });
  return folder;
}

/** The first block of code in that language in a document: what a reader would copy. @throws Error where there is none */
export function codeBlock(document: string, language: string): string {
  const text = readFileSync(join(ROOT, document), "utf8");
  const block = text
    .split("```")
    .find((part) => part.startsWith(`${language}\n`))
    ?.slice(language.length + 1);
  if (block === undefined) throw new Error(`${document} has no ${language} block`);
  return block;
}
