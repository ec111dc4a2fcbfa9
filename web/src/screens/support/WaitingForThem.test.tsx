import { act, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";

import type { SupportSession } from "../../api/wire.ts";
import type { World } from "../../call/world.ts";
import { addTexts } from "../../i18n.ts";
import { support } from "../../locales/support.ts";
import { testWorld } from "../../test-world.ts";
import { WaitingForThem } from "./WaitingForThem.tsx";

addTexts(support);

const own = {
  id: "018f3a5c-0000-7000-8000-000000000700",
  code: "123-456-789",
  technician_name: "Tom",
  code_until: "2026-11-20T08:10:00Z",
} as SupportSession;

function asked(answer: () => Promise<SupportSession[]>): World {
  return testWorld({ api: { supportSessions: answer } as unknown as World["api"] });
}

afterEach(() => vi.useRealTimers());

it("says why an enrolled computer does not come, in place of the code", async () => {
  vi.useFakeTimers();
  render(<WaitingForThem world={asked(() => Promise.resolve([{ ...own, not_come: "no_desktop" }]))} own={own} />);
  expect(screen.getByRole("heading", { name: "Waiting for the person whom you help" })).toBeTruthy();

  await act(() => vi.advanceTimersByTimeAsync(5_000));

  expect(screen.getByRole("alert").textContent).toMatch(/Somebody may have signed out/);
  expect(screen.queryByRole("heading", { name: "Waiting for the person whom you help" })).toBeNull();
});

it("waits on where the server can't be asked", async () => {
  vi.useFakeTimers();
  render(<WaitingForThem world={asked(() => Promise.reject(new Error("offline")))} own={own} />);

  await act(() => vi.advanceTimersByTimeAsync(5_000));

  expect(screen.getByRole("heading", { name: "Waiting for the person whom you help" })).toBeTruthy();
});
