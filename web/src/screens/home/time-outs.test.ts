import { expect, it } from "vitest";

import { chosenTimeOuts, ownTimeOuts } from "./time-outs.ts";

it("says times again that are no whole minutes as they were", () => {
  const before = chosenTimeOuts({ idle_share: 123, host_absent: 245, empty: 481, longest: 7_200 });

  expect(ownTimeOuts({ ...before, longest: 60 }, before)).toEqual({ time_outs: { idle_share: 123, host_absent: 245, empty: 481, longest: 3_600 } });
});
