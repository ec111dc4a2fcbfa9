import { expect, it } from "vitest";

import { helpNumber } from "./help-number.ts";

it("is twenty digits in groups, the same for the same key, and others for another", async () => {
  const number = await helpNumber("AAAA");

  expect(number).toMatch(/^(\d{4} ){4}\d{4}$/);
  expect(await helpNumber("AAAA")).toBe(number);
  expect(await helpNumber("AAAB")).not.toBe(number);
});

it("is made as ever: who compares has loaded the page at another time", async () => {
  expect(await helpNumber("AAAA")).toBe("2320 1776 6015 8106 5739");
});
