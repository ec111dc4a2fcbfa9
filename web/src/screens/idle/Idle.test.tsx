import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { Api } from "../../api/api.ts";
import { look } from "../../test-accessible.ts";
import { Idle } from "./Idle.tsx";

/** Of a session that ends in `left` seconds, unless its holder asks for something. */
function show(left: number): { asked: string[]; onExpired: () => void } {
  const asked: string[] = [];
  const api = new Api((input) => {
    const path = String(input).replace("/api/v1/", "");
    const isKept = asked.includes("account/sessions");
    asked.push(path);
    return Promise.resolve(Response.json(path === "session" ? { idle_left: isKept ? 900 : left } : []));
  });
  const onExpired = vi.fn();
  render(<Idle api={api} onExpired={onExpired} />);
  return { asked, onExpired };
}

it("warns in the last minute, and keeps the session of who says so", async () => {
  const { asked, onExpired } = show(30);
  const sheet = await screen.findByRole("alertdialog", { name: "Are you still there?" });
  await look();

  await userEvent.setup().click(within(sheet).getByRole("button", { name: "Stay signed in" }));

  await waitFor(() => expect(asked).toEqual(["session", "account/sessions", "session"]));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(onExpired).not.toHaveBeenCalled();
});

it("goes when the session is over", async () => {
  const { onExpired } = show(0);

  await waitFor(() => expect(onExpired).toHaveBeenCalledOnce());
  expect(screen.queryByRole("alertdialog")).toBeNull();
});
