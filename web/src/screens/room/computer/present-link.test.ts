import { describe, expect, it } from "vitest";

import { presentCommand, presentLink } from "./present-link.ts";

describe("the link for a presenter's computer", () => {
  it("has an empty place where no host's key is known", () => {
    expect(presentLink("https://meet.example", "123-456-789", "secret", "code")).toBe("https://meet.example/present#123-456-789.secret..code");
    expect(presentLink("https://meet.example", "123-456-789", "secret.key", "code")).toBe("https://meet.example/present#123-456-789.secret.key.code");
  });

  it("is one word, and none of the program's own", () => {
    expect(presentCommand("https://meet.example/present#a.b.c.d")).toBe("echo 'https://meet.example/present#a.b.c.d' | conclave-agent present -");
  });
});
