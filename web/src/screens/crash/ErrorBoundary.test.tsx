import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type JSX, Suspense } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { ErrorBoundary, Part } from "./ErrorBoundary.tsx";
import { later } from "./later.ts";

const Missing = (): ReturnType<typeof later> => later(() => Promise.reject(new TypeError("Failed to fetch dynamically imported module")));

function Broken(): JSX.Element {
  throw new Error("our bug");
}

// React tells the console of what a boundary caught.
beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => {}));
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** As the application has them around a page. */
async function page(child: JSX.Element): Promise<() => void> {
  const onReload = vi.fn();
  render(
    <ErrorBoundary onReload={onReload}>
      <Suspense fallback={<p>Opening…</p>}>{child}</Suspense>
    </ErrorBoundary>,
  );
  await act(async () => {});
  return onReload;
}

it("says of a page that could not be loaded that it was not, and tries again with a click", async () => {
  const Page = Missing();
  const onReload = await page(<Page />);

  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("This page could not be loaded");
  expect(screen.queryByText("Opening…")).toBeNull();
  await userEvent.setup().click(screen.getByRole("button", { name: "Try again" }));
  expect(onReload).toHaveBeenCalled();
});

it("takes one that does not come for one that can't be loaded", async () => {
  vi.useFakeTimers();
  const Page = later(() => new Promise<() => JSX.Element>(() => {}));
  await page(<Page />);
  expect(screen.getByText("Opening…")).toBeTruthy();

  await act(() => vi.advanceTimersByTimeAsync(30_000));

  expect(screen.getByText("This page could not be loaded")).toBeTruthy();
});

it("shows what was loaded", async () => {
  const Page = later(() => Promise.resolve(() => <p>Here</p>));
  await page(<Page />);

  expect(screen.getByText("Here")).toBeTruthy();
});

it("says of our own bug that something went wrong", async () => {
  await page(<Broken />);

  expect(screen.getByText("Something went wrong on this page")).toBeTruthy();
});

it("says of a part in its place that it could not be loaded, and leaves the rest of the page", async () => {
  const Missed = Missing();
  const onReload = vi.fn();
  await page(
    <>
      <p>The rest</p>
      <Part onReload={onReload}>
        <Missed />
      </Part>
    </>,
  );

  expect(screen.getByText("The rest")).toBeTruthy();
  expect(screen.getByRole("alert").textContent).toContain("This part could not be loaded");
  await userEvent.setup().click(screen.getByRole("button", { name: "Try again" }));
  expect(onReload).toHaveBeenCalled();
});

it("leaves our own bug in a part to the page", async () => {
  await page(
    <Part>
      <Broken />
    </Part>,
  );

  expect(screen.getByText("Something went wrong on this page")).toBeTruthy();
});
