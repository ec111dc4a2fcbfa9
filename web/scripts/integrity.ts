import { createHash } from "node:crypto";

import type { Plugin } from "vite";

const REFERENCE = /(<(?:script|link)\b[^>]*\b(?:src|href)=")\/(assets\/[^"]+)("[^>]*)>/g;

/** Writes into the page what its scripts and style sheets must hash to (Subresource Integrity): a cache in between can't change them alone. */
export function integrity(): Plugin {
  return {
    name: "integrity",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const page = bundle["index.html"];
        if (page?.type !== "asset") throw new Error("there is no page");
        page.source = String(page.source).replaceAll(REFERENCE, (_tag, before: string, name: string, after: string) => {
          const file = bundle[name];
          if (file === undefined) throw new Error(`the page names ${name}, which is not there`);
          const content = file.type === "chunk" ? file.code : file.source;
          const hash = createHash("sha384").update(content).digest("base64");
          return `${before}/${name}${after} integrity="sha384-${hash}">`;
        });
      },
    },
  };
}
