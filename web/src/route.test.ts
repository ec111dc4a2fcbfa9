import { expect, it } from "vitest";

import { routeOf } from "./route.ts";

const SECRET = "A".repeat(43);

it.each([
  ["/", "", { screen: "start" }],
  ["/sign-in", "", { screen: "signIn" }],
  ["/admin/meetings", "", { screen: "liveMeetings" }],
  ["/setup", "#token", { screen: "setUp", token: "token" }],
  ["/setup", "", { screen: "setUp", token: null }],
  ["/j/123-456-789", `#${SECRET}`, { screen: "join", code: "123-456-789", secret: SECRET }],
  ["/j/123456789", "#cut-off", { screen: "join", code: "123-456-789", secret: null }],
  ["/j/12", "", { screen: "missing" }],
  ["/j/%E0%A4%A", "", { screen: "missing" }],
  ["/invited", "#token", { screen: "invited", token: "token" }],
  ["/reset", "", { screen: "reset", token: null }],
  ["/admin/people", "", { screen: "people" }],
  ["/admin/anomalies", "", { screen: "anomalies" }],
  ["/admin/people/0199a000-0000-7000-8000-000000000001", "", { screen: "timeline", account: "0199a000-0000-7000-8000-000000000001" }],
  ["/signed-in", "", { screen: "signedIn", answer: null }],
  ["/admin/training", "", { screen: "trainings" }],
  ["/admin/recordings", "", { screen: "recordings" }],
  ["/emergency/sign-in", "", { screen: "sealedCode" }],
  ["/support", "", { screen: "support" }],
  ["/support/0199a000-0000-7000-8000-000000000001", "", { screen: "console", session: "0199a000-0000-7000-8000-000000000001" }],
  ["/support/123-456-789", "", { screen: "console", session: "123-456-789" }],
  ["/support/12", "", { screen: "missing" }],
  ["/help", "", { screen: "help", code: null, secret: null }],
  ["/help", "#123456789", { screen: "help", code: "123-456-789", secret: null }],
  ["/help", `#123-456-789.${SECRET}.${SECRET}`, { screen: "help", code: "123-456-789", secret: `${SECRET}.${SECRET}` }],
  ["/help", `#123-456-789.cut-off`, { screen: "help", code: "123-456-789", secret: null }],
  ["/elsewhere", "", { screen: "missing" }],
])("%s%s", (path, fragment, expected) => {
  expect(routeOf(path, fragment)).toEqual(expected);
});
