import { expect, it } from "vitest";

import { routeOf } from "../../route.ts";
import { helperCommand, helpLink, spokenDigits } from "./support-link.ts";

const ORIGIN = "https://meet.example";
const CODE = "123-456-789";
const FRAGMENT = `${"A".repeat(43)}.${"B".repeat(43)}`;

it("makes a link that the page for customers reads again", () => {
  for (const secret of [FRAGMENT, null]) {
    const { pathname, hash } = new URL(helpLink(ORIGIN, CODE, secret));
    expect(routeOf(pathname, hash)).toEqual({ screen: "help", code: CODE, secret });
  }
});

it("tells the helper program the link, or the code and where it is from", () => {
  expect(helperCommand(ORIGIN, CODE, FRAGMENT)).toBe(`echo '${ORIGIN}/j/${CODE}#${FRAGMENT}' | conclave-agent help -`);
  expect(helperCommand(ORIGIN, CODE, null)).toBe(`conclave-agent help ${CODE} --server ${ORIGIN}`);
});

it("reads a code out digit by digit, with a pause between groups", () => {
  expect(spokenDigits(CODE)).toBe("1 2 3, 4 5 6, 7 8 9");
});
