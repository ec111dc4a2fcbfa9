import { expect, it } from "vitest";

import { groupPasscode, passcodeOf, readPasscode } from "./passcode.ts";

it("a passcode is the same for everybody who has the link, and of six digits", async () => {
  const [secret, other] = ["A".repeat(43), `${"A".repeat(42)}E`];

  const passcode = await passcodeOf(secret);

  // Invitations that were sent say the same after an update.
  expect(passcode).toBe("851279");
  expect(await passcodeOf(`${secret}.${"B".repeat(43)}`)).toBe(passcode);
  expect(await passcodeOf(other)).not.toBe(passcode);
  expect(await passcodeOf("half")).toBeNull();
});

it("a passcode is read as people write it", () => {
  expect(readPasscode(groupPasscode("482193"))).toBe("482193");
  expect(readPasscode(" 482-193 ")).toBe("482193");
  for (const text of ["", "12345", "48219a", "1234567890123"]) expect(readPasscode(text)).toBeNull();
});
