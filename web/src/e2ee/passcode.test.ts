import { expect, it } from "vitest";

import { toBase64Url } from "./bytes.ts";
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

// Shows: REQ-AC-02.
it("a passcode that was changed is another each time, and still the same for everybody who has the link", async () => {
  const secret = "A".repeat(43);

  const passcodes = await Promise.all([0, 1, 2, 11].map((number) => passcodeOf(secret, number)));

  expect(passcodes[0]).toBe(await passcodeOf(secret));
  expect(new Set(passcodes).size).toBe(4);
  expect(passcodes.every((passcode) => /^[0-9]{6}$/.test(String(passcode)))).toBe(true);
  expect(await passcodeOf(`${secret}.${"B".repeat(43)}`, 2)).toBe(passcodes[2]);
});

// Shows: REQ-AC-02.
it("nobody chooses a passcode: each of a million is as likely, so that no list of popular ones helps to guess it", async () => {
  const COUNT = 3_000;
  const secrets = Array.from({ length: COUNT }, () => toBase64Url(crypto.getRandomValues(new Uint8Array(32))));
  const drawn = (await Promise.all(secrets.map((secret) => passcodeOf(secret)))).map(String);

  expect(drawn.every((passcode) => /^[0-9]{6}$/.test(passcode))).toBe(true);
  // Two of them are the same about 4.5 times in so many; 25 times is a chance of less than one in a billion.
  expect(COUNT - new Set(drawn).size).toBeLessThan(25);
  // A digit stands in a place 300 times, give or take 16.4; eight times that is a chance of less than one in a trillion.
  for (let place = 0; place < 6; place += 1) {
    for (let digit = 0; digit < 10; digit += 1) {
      const count = drawn.filter((passcode) => passcode[place] === String(digit)).length;
      expect(Math.abs(count - COUNT / 10)).toBeLessThan(132);
    }
  }
});

it("a passcode is read as people write it", () => {
  expect(readPasscode(groupPasscode("482193"))).toBe("482193");
  expect(readPasscode(" 482-193 ")).toBe("482193");
  for (const text of ["", "12345", "48219a", "1234567890123"]) expect(readPasscode(text)).toBeNull();
});
