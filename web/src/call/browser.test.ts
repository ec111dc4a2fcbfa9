import { describe, expect, it } from "vitest";

import { browserKind, browserName } from "./browser.ts";

const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)";

describe("which browser it is", () => {
  it.each([
    ["chrome", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36", 0],
    ["firefox", "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0", 0],
    ["safari", `${MAC} Version/26.0 Safari/605.1.15`, 0],
    ["ios", `${MAC} Version/26.0 Safari/605.1.15`, 5],
    ["ios", "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1", 5],
    ["android", "Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36", 5],
    ["firefoxAndroid", "Mozilla/5.0 (Android 16; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0", 5],
    ["inApp", "Mozilla/5.0 (Linux; Android 16; SM-S901B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/156.0.0.0 Mobile Safari/537.36", 5],
    ["inApp", "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/500.0]", 5],
  ] as const)("is %s: %s", (kind, userAgent, maxTouchPoints) => {
    expect(browserKind({ userAgent, maxTouchPoints })).toBe(kind);
  });
});

describe("what it is called among those of an account", () => {
  it.each([
    ["Firefox on Linux", "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0", 0],
    ["Edge on Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0", 0],
    ["Chrome on Android", "Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36", 5],
    ["Safari on Mac", `${MAC} Version/26.0 Safari/605.1.15`, 0],
    ["Safari on iPad", `${MAC} Version/26.0 Safari/605.1.15`, 5],
    ["Browser", "something else", 0],
  ] as const)("%s", (name, userAgent, maxTouchPoints) => {
    expect(browserName({ userAgent, maxTouchPoints })).toBe(name);
  });
});
