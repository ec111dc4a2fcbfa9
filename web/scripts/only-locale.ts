import type { Plugin } from "vite";

/** Leaves react-aria's own texts in one language out of thirty in the bundle: the page has no other. */
export function onlyLocale(keep: string): Plugin {
  const translation = /[\\/]react-(aria|stately|aria-components)[\\/].*[\\/]intl[\\/].*?([a-z]{2}-[A-Z]{2})\.(mjs|js)$/;
  return {
    name: "only-locale",
    enforce: "pre",
    load(id) {
      const locale = translation.exec(id)?.[2];
      return locale !== undefined && locale !== keep ? "export default undefined" : null;
    },
  };
}
