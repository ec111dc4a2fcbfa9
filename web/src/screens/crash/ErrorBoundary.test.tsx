import { act, cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type JSX, Suspense } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { ErrorBoundary, Part } from "./ErrorBoundary.tsx";
import { later, laterPart } from "./later.ts";

const Missing = (): ReturnType<typeof later> => laterPart(() => Promise.reject(new TypeError("Failed to fetch dynamically imported module")));

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

it("says of a page that could not be loaded that it was not, and loads it again with a click", async () => {
  const Page = Missing();
  const onReload = await page(<Page />);

  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("This page could not be loaded");
  expect(screen.getByText("Check your connection, then load the page again.")).toBeTruthy();
  expect(screen.queryByText("Opening…")).toBeNull();
  await userEvent.setup().click(screen.getByRole("button", { name: "Load the page again" }));
  expect(onReload).toHaveBeenCalled();
});

it("loads the page that somebody goes back to where this one could not be shown", async () => {
  const Page = Missing();
  const onReload = await page(<Page />);
  expect(onReload).not.toHaveBeenCalled();

  dispatchEvent(new PopStateEvent("popstate"));
  expect(onReload).toHaveBeenCalledOnce();

  cleanup();
  dispatchEvent(new PopStateEvent("popstate"));
  expect(onReload).toHaveBeenCalledOnce();
});

it("goes back as always where the page is shown, and where only a part of it is not", async () => {
  const Missed = Missing();
  const onReload = vi.fn();
  await page(
    <Part onReload={onReload}>
      <Missed />
    </Part>,
  );

  dispatchEvent(new PopStateEvent("popstate"));

  expect(onReload).not.toHaveBeenCalled();
});

it("waits for a page as long as it takes, and shows it when it comes", async () => {
  vi.useFakeTimers();
  const waiting: ((component: () => JSX.Element) => void)[] = [];
  const Page = later(() => new Promise<() => JSX.Element>((resolve) => void waiting.push(resolve)));
  await page(<Page />);

  await act(() => vi.advanceTimersByTimeAsync(600_000));
  expect(screen.getByText("Opening…")).toBeTruthy();

  await act(async () => waiting[0]?.(() => <p>Here</p>));
  expect(screen.getByText("Here")).toBeTruthy();
});

it("takes a part that does not come for one that can't be loaded", async () => {
  vi.useFakeTimers();
  const Missed = laterPart(() => new Promise<() => JSX.Element>(() => {}));
  await page(
    <Part>
      <Missed />
    </Part>,
  );
  expect(screen.queryByRole("alert")).toBeNull();

  await act(() => vi.advanceTimersByTimeAsync(30_000));

  expect(screen.getByText("This part could not be loaded")).toBeTruthy();
});

it("goes on without a part that could not be loaded, where the page can", async () => {
  const Missed = Missing();
  const onClose = vi.fn();
  await page(
    <Part onClose={onClose}>
      <Missed />
    </Part>,
  );

  await userEvent.setup().click(screen.getByRole("button", { name: "Close" }));

  expect(onClose).toHaveBeenCalledOnce();
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
  await userEvent.setup().click(screen.getByRole("button", { name: "Load the page again" }));
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
