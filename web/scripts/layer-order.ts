import type { Plugin } from "vite";

const ORDER = "@layer tokens, base, ui, screens;\n";

/** Says the order of the cascade's layers in every style sheet: the first that a browser reads decides it, and chunks come in any order. */
export function layerOrder(): Plugin {
  return {
    name: "layer-order",
    enforce: "pre",
    transform(code, id) {
      return /[\\/]src[\\/].*\.css$/.test(id) ? { code: ORDER + code, map: null } : null;
    },
  };
}
