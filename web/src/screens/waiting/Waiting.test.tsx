import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { JSX } from "react";
import { expect, it, vi } from "vitest";

import { Waiting } from "./Waiting.tsx";

function page(change: Partial<Parameters<typeof Waiting>[0]>): JSX.Element {
  return (
    <Waiting
      why="waiting"
      place={null}
      passcode={null}
      dataMode={null}
      isInterrupted={false}
      capture={{ camera: { status: "off" }, microphone: { status: "off" } }}
      onPasscode={() => {}}
      onToggle={() => {}}
      onLeave={() => {}}
      {...change}
    />
  );
}

// Shows: REQ-AC-02.
it("asks for the passcode without which nobody lets them in, and says how far they have got", async () => {
  const onPasscode = vi.fn();
  const user = userEvent.setup();
  const { rerender } = render(page({ passcode: "missing", onPasscode }));
  expect(screen.getAllByRole("status").find(({ textContent }) => textContent?.includes("once you have typed the meeting’s passcode"))).toBeDefined();
  expect(screen.getByText(/nobody can let you in without it/)).toBeTruthy();
  await user.type(screen.getByLabelText("Passcode"), "482 193");
  await user.click(screen.getByRole("button", { name: "Use this passcode" }));
  expect(onPasscode.mock.calls).toEqual([["482193"]]);

  rerender(page({ passcode: "checking" }));
  expect(screen.queryByLabelText("Passcode")).toBeNull();
  expect(screen.getByText(/compares your passcode/)).toBeTruthy();
  rerender(page({ passcode: "wrong" }));
  expect(screen.getByRole("alert").textContent).toContain("refused");
  expect(screen.queryByRole("button", { name: "Go on without" })).toBeNull();
  rerender(page({ passcode: "spent" }));
  expect(screen.queryByLabelText("Passcode")).toBeNull();
  expect(screen.getByRole("alert").textContent).toContain("link");
  rerender(page({ passcode: "unanswered" }));
  expect(screen.getByLabelText("Passcode")).toBeTruthy();
  expect(screen.getByRole("alert").textContent).toContain("type it again");
  rerender(page({ passcode: { impossible: "Not in this browser" } }));
  expect(screen.queryByLabelText("Passcode")).toBeNull();
  expect(screen.getByText("Not in this browser")).toBeTruthy();
  rerender(page({}));
  expect(screen.getByText("The host knows that you are here and will let you in.")).toBeTruthy();
});
