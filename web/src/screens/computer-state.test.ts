import { expect, it } from "vitest";

import { computerState } from "./computer-state.ts";

it("says of a computer where somebody is helped that it is busy, and not that it is gone", () => {
  expect(computerState({ is_online: true, is_busy: true })).toBe("busy");
  expect(computerState({ is_online: false, is_busy: true })).toBe("busy");
  expect(computerState({ is_online: true, is_busy: false })).toBe("online");
  expect(computerState({ is_online: false, is_busy: false })).toBe("offline");
});
