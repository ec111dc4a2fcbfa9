import { expect, it } from "vitest";

import { Journey, readAnswer } from "./journey.ts";

it("comes back to where it left from, once, and nowhere else", () => {
  const left: string[] = [];
  const journey = new Journey(sessionStorage, (address) => left.push(address));

  journey.leave("https://login.example/?x=1", "/account");
  expect(left).toEqual(["https://login.example/?x=1"]);
  expect(journey.next()).toBe("/account");
  expect(journey.next()).toBe("/");
  journey.leave("https://login.example", "//elsewhere.example");
  expect(journey.next()).toBe("/");
});

it("reads what the provider sent back, and nothing more", () => {
  expect(readAnswer("?code=c&state=s&iss=https%3A%2F%2Flogin.example&session_state=x")).toEqual({ state: "s", code: "c", iss: "https://login.example" });
  expect(readAnswer("?error=access_denied&state=s")).toEqual({ state: "s", code: null, iss: null });
  expect(readAnswer("")).toBeNull();
});
