import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Plugin } from "vite";
import type { Reporter, TestModule, Vitest } from "vitest/node";

/** Its title comes first: by that it is known. */
const TITLE = /^title=\{([\s\S]+?)\}\s+closeLabel=/;
const QUOTED = /"([^"]*)"|`([^`]*)`/g;
const TEXT = /"([\w.-]+)":\s*"((?:[^"\\]|\\.)*)"/g;

interface Dialog {
  /** Of the source. */
  file: string;
  /** As it is written. */
  title: string;
  /** What it may read. */
  titles: RegExp[];
}

interface Seen {
  /** Of the test. */
  folder: string;
  title: string;
}

type Texts = readonly { key: string; text: string }[];

/** Fails a run of all tests in which none beside a dialog has shown it to axe: see `src/test-accessible.ts`. */
export function everyDialog(): Plugin {
  return {
    name: "every-dialog",
    configureVitest({ vitest }) {
      vitest.config.reporters.push(reporter(vitest));
    },
  };
}

function reporter(vitest: Vitest): Reporter {
  return {
    async onTestRunEnd(modules, _errors, reason) {
      const files = await vitest.globTestSpecifications();
      const isWhole = reason === "passed" && modules.length >= files.length && vitest.config.testNamePattern === undefined;
      const unseen = isWhole ? unseenIn(join(vitest.config.root, "src"), seenBy(modules)) : [];
      if (unseen.length === 0) return;
      process.exitCode = 1;
      vitest.logger.error(`\nNo test in their folders leaves these dialogs open, or looks at them while they are:\n${unseen.join("\n")}`);
    },
  };
}

function seenBy(modules: readonly TestModule[]): Seen[] {
  return modules.flatMap(({ moduleId, children }) => {
    const titles = [...children.allTests()].flatMap((test) => test.meta().dialogs ?? []);
    return titles.map((title) => ({ folder: dirname(moduleId), title }));
  });
}

function unseenIn(folder: string, seen: readonly Seen[]): string[] {
  return dialogsOf(folder)
    .filter(({ file, titles }) => {
      const beside = seen.filter((one) => one.folder === dirname(join(folder, file)));
      return !titles.some((title) => beside.some((one) => title.test(one.title)));
    })
    .map(({ file, title }) => `${file}: ${title}`);
}

function dialogsOf(folder: string): Dialog[] {
  const texts = textsOf(join(folder, "locales"));
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".tsx") && !file.endsWith(".test.tsx")).flatMap((file) => dialogsIn(file, readFileSync(join(folder, file), "utf8"), texts));
}

function dialogsIn(file: string, source: string, texts: Texts): Dialog[] {
  const [, ...sheets] = source.split(/<Sheet\s+(?=\w)/);
  return sheets.map((sheet) => {
    const title = TITLE.exec(sheet)?.[1] ?? "a title that does not come first";
    return { file, title, titles: titlesOf(written(title, source), texts) };
  });
}

/** What a name stands for that the title is given by. */
function written(title: string, source: string): string {
  if (!/^\w+$/.test(title)) return title;
  return new RegExp(`const ${title} = (.*);`).exec(source)?.[1] ?? title;
}

function titlesOf(title: string, texts: Texts): RegExp[] {
  const keys = [...title.matchAll(QUOTED)].map(([, quoted, made]) => like(quoted ?? made ?? "", /\$\{[^}]*\}/));
  return texts.filter(({ key }) => keys.some((named) => named.test(key))).map(({ text }) => like(text, /\{\w+\}/));
}

function textsOf(folder: string): Texts {
  const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  return sources.flatMap((source) => [...source.matchAll(TEXT)].map(([, key = "", text = ""]) => ({ key, text })));
}

/** Of any that has something in its slots. */
function like(text: string, slot: RegExp): RegExp {
  const parts = text.split(slot).map((part) => part.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`);
}
