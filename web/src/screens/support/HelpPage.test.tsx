import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Api } from "../../api/api.ts";
import type { World } from "../../call/world.ts";
import { look } from "../../test-accessible.ts";
import { testWorld } from "../../test-world.ts";
import { HelpPage } from "./HelpPage.tsx";

const CODE = "123-456-789";
const FRAGMENT = "A".repeat(43);
const offer = { organisation: "Lindenhof Clinic", technician: "Tom Ek", code_until: "2026-11-26T08:10:00Z" };

interface Shown {
  world: World;
  paths: string[];
  copied: string[];
  onJoin: (code: string) => void;
}

function show(answer: () => Response | Error, code: string | null = null, prepare: (world: World) => void = () => {}, hasQueue = false): Shown {
  const paths: string[] = [];
  const copied: string[] = [];
  const api = new Api((input) => {
    if (String(input).endsWith("/server")) return Promise.resolve(Response.json({ takes_support_requests: hasQueue }));
    paths.push(String(input));
    const answered = answer();
    return answered instanceof Error ? Promise.reject(answered) : Promise.resolve(answered);
  });
  const world = testWorld({ api, copy: (text) => Promise.resolve(copied.push(text) > 0) });
  prepare(world);
  const onJoin = vi.fn();
  render(<HelpPage world={world} code={code} onJoin={onJoin} onTaken={() => {}} />);
  return { world, paths, copied, onJoin };
}

function canShare(can: boolean): void {
  Object.defineProperty(navigator, "mediaDevices", { configurable: true, value: can ? { getDisplayMedia: () => {} } : {} });
}

beforeEach(() => sessionStorage.clear());
afterEach(() => void Reflect.deleteProperty(navigator, "mediaDevices"));

it("says what happens, that nothing happens without a yes, and whom not to believe, before anything is typed", () => {
  show(() => Response.json(offer));

  expect(screen.getByText("Nothing happens without your yes.")).toBeTruthy();
  expect(screen.getByText(/whom you did not expect/)).toBeTruthy();
  expect(screen.getAllByRole("listitem")).toHaveLength(4);
});

it("shows who it is for a code that is typed, and that a passcode is asked for", async () => {
  const { paths } = show(() => Response.json(offer));
  const user = userEvent.setup();

  await user.type(screen.getByLabelText("Code from the technician"), "123456789{Enter}");

  const heading = await screen.findByRole("heading", { name: "Tom Ek wants to help you" });
  expect(document.activeElement).toBe(heading);
  expect(screen.getByText(/Lindenhof Clinic/)).toBeTruthy();
  expect(paths).toEqual([`/api/v1/support/codes/${CODE}`]);
  expect(screen.getByText(/You are asked for a passcode/)).toBeTruthy();
  expect(screen.getByText(`conclave-agent help ${CODE} --server https://meet.example`)).toBeTruthy();
});

it("says the same of every code that is not in use, and of a lost connection something else", async () => {
  for (const [status, code] of [
    [404, "meeting_not_found"],
    [403, "not_allowed"],
    [410, "meeting_ended"],
  ] as const) {
    show(() => Response.json({ code }, { status }), CODE);
    expect(await screen.findByText(/This code is not in use/)).toBeTruthy();
    cleanup();
  }

  show(() => new Error("no network"), CODE);
  expect(await screen.findByText(/can’t be reached/)).toBeTruthy();
});

it("looks a link's code up at once, and lets them show their screen by what it holds", async () => {
  canShare(true);
  const { world, onJoin, copied } = show(
    () => Response.json(offer),
    CODE,
    ({ seats }) => seats.keepSecret(CODE, FRAGMENT),
  );

  const line = `echo 'https://meet.example/j/${CODE}#${FRAGMENT}' | conclave-agent help -`;
  expect(await screen.findByText(line)).toBeTruthy();
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Copy the line" }));
  expect(copied).toEqual([line]);
  expect(world.seats.isHelped(CODE)).toBe(false);
  await user.click(screen.getByRole("button", { name: "Show my screen" }));
  expect(onJoin).toHaveBeenCalledWith(CODE);
  expect(world.seats.isHelped(CODE)).toBe(true);
});

it("lets a screen be shown by the code alone, where the device can", async () => {
  canShare(true);
  const { onJoin } = show(() => Response.json(offer), CODE);
  await userEvent.setup().click(await screen.findByRole("button", { name: "Show my screen" }));
  expect(onJoin).toHaveBeenCalledWith(CODE);
  cleanup();

  canShare(false);
  show(() => Response.json(offer), CODE);
  expect(await screen.findByText(/can’t show its screen/)).toBeTruthy();
});

it("begins at the code again for whoever types another", async () => {
  show(() => Response.json(offer), CODE);
  const user = userEvent.setup();

  await user.click(await screen.findByRole("button", { name: "Type another code" }));

  const field = screen.getByLabelText<HTMLInputElement>("Code from the technician");
  expect(field.value).toBe("");
  expect(document.activeElement).toBe(field);
});

it("keeps the secret of a link that is pasted, and sends none of it", async () => {
  const { world, paths } = show(() => Response.json(offer));
  const user = userEvent.setup();

  await user.click(screen.getByLabelText("Code from the technician"));
  await user.paste(`https://meet.example/j/${CODE}#${FRAGMENT}`);
  await user.click(screen.getByRole("button", { name: "Show who it is" }));

  await waitFor(() => expect(world.seats.secret(CODE)).toBe(FRAGMENT));
  expect(paths.join()).not.toContain(FRAGMENT);
});

it("offers a place in line to whoever has no code, where there is a queue", async () => {
  show(() => Response.json(offer), null, () => {}, true);
  expect(await screen.findByRole("button", { name: "Ask for help" })).toBeTruthy();
  await look();
  cleanup();

  show(() => Response.json(offer), CODE, () => {}, true);
  expect(await screen.findByRole("heading", { name: "Tom Ek wants to help you" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Ask for help" })).toBeNull();
});
