import { createHash, hkdfSync } from "node:crypto";

import { describe, expect, it } from "vitest";

import {
  groupDigits,
  invitationLink,
  invitationProof,
  invitationVerifier,
  newSecret,
  readCode,
  readInvitation,
  readSecret,
} from "./invitation.ts";

const SECRET = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

describe("an invitation's secret", () => {
  it("is 32 random bytes that never repeat", () => {
    const secrets = Array.from({ length: 50 }, newSecret);

    expect(new Set(secrets).size).toBe(50);
    expect(secrets.every((secret) => readSecret(secret) === secret)).toBe(true);
  });

  it("proves itself as another implementation of HKDF says", async () => {
    const proof = Buffer.from(
      hkdfSync("sha256", Buffer.from(SECRET, "base64url"), "", "conclave/v1/invitation-proof", 32),
    );

    expect(await invitationProof(SECRET)).toBe(proof.toString("base64url"));
    expect(await invitationVerifier(SECRET)).toBe(createHash("sha256").update(proof).digest("base64url"));
  });

  it("of the wrong length is no secret", () => {
    expect(readSecret(SECRET.slice(1))).toBeNull();
    expect(readSecret(`${SECRET}A`)).toBeNull();
    expect(readSecret("")).toBeNull();
  });
});

describe("a link that names its host's key", () => {
  const host = SECRET.replace("AAEC", "BBEC");
  const link = invitationLink("https://meet.example", "123-456-789", `${SECRET}.${host}`);

  it("proves what the secret alone proves", async () => {
    expect(await invitationProof(`${SECRET}.${host}`)).toBe(await invitationProof(SECRET));
  });

  it("is read whole, also at the end of a sentence", () => {
    for (const text of [link, `Please come: ${link}.`, `Open ${link}, then wait.`]) {
      expect(readInvitation(text)).toEqual({ code: "123-456-789", secret: `${SECRET}.${host}` });
    }
    expect(readInvitation(`Please come: https://meet.example/j/123-456-789#${SECRET}.`)?.secret).toBe(SECRET);
  });

  it("is damaged without the end of the key: it does not pass for one without a host", () => {
    expect(readInvitation(link.slice(0, -1))?.secret).toBeNull();
  });
});

describe("an invitation is found in", () => {
  const link = invitationLink("https://meet.example", "123-456-789", SECRET);
  const whole = { code: "123-456-789", secret: SECRET };
  const codeOnly = { code: "123-456-789", secret: null };

  it.each([
    ["its link", link, whole],
    ["a message around the link", `Hello!\nJoin “Visit”: ${link}\nOr type 987-654-321.`, whole],
    ["a link without a secret", "https://meet.example/j/123-456-789", codeOnly],
    ["a link whose secret was cut off", link.slice(0, -3), codeOnly],
    ["plain digits", "123456789", codeOnly],
    ["spaced digits", " 123 456 789 ", codeOnly],
    ["a message around the code", "The code is 123-456-789, see you.", codeOnly],
  ])("%s", (_, text, expected) => {
    expect(readInvitation(text)).toEqual(expected);
  });

  it.each(["", "12345678", "1234567890", "https://meet.example/"])("but not in “%s”", (text) => {
    expect(readInvitation(text)).toBeNull();
  });
});

describe("a code", () => {
  it("is grouped while somebody types it", () => {
    expect(["1", "123", "1234", "1234567", "12345678901"].map(groupDigits)).toEqual([
      "1",
      "123",
      "123-4",
      "123-456-7",
      "123-456-789",
    ]);
  });

  it("keeps its leading zeros", () => {
    expect(readCode("001002003")).toBe("001-002-003");
  });
});
