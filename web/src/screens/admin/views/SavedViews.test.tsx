import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { Api } from "../../../api/api.ts";
import type { SavedFilter } from "../../../api/wire.ts";
import { look } from "../../../test-accessible.ts";
import { SavedViews } from "./SavedViews.tsx";

const FILTER: SavedFilter = { kind: "report", report: "usage", span: { last_days: 30 } };
const OWN = { id: "v1", name: "Usage", is_shared: false, is_own: true, may_remove: true, by_name: "Amy", filter: FILTER };
const SHARED = { ...OWN, id: "v2", name: "Wards", is_shared: true, is_own: false, may_remove: false, by_name: "Bo" };
const OF_THE_LOG = { ...OWN, id: "v3", name: "Guesses", filter: { kind: "audit", span: {} } };

function show(opened: (filter: SavedFilter) => void = () => {}): string[] {
  const asked: string[] = [];
  const api = new Api((input, init) => {
    const call = `${init?.method ?? ""} ${String(input).replace("/api/v1/", "")}`;
    asked.push(`${call} ${String(init?.body ?? "")}`.trim());
    if (call === "GET admin/views") return Promise.resolve(Response.json({ views: [OWN, SHARED, OF_THE_LOG] }));
    if (call === "GET admin/views/v1") return Promise.resolve(Response.json(OWN));
    if (call.startsWith("GET")) return Promise.resolve(Response.json({ code: "saved_view_broken" }, { status: 422 }));
    if (call.startsWith("POST")) return Promise.resolve(Response.json(OWN, { status: 201 }));
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  render(<SavedViews api={api} kind="report" canSave filterAt={() => FILTER} onOpen={opened} onExpired={() => {}} />);
  return asked;
}

it("lists the views of its page, opens one, and says why another can't be", async () => {
  const user = userEvent.setup();
  const opened: SavedFilter[] = [];
  show((filter) => opened.push(filter));

  await user.click(await screen.findByRole("button", { name: "Usage" }));
  await waitFor(() => expect(opened).toEqual([FILTER]));
  expect(screen.queryByRole("button", { name: "Guesses" })).toBeNull();
  expect(screen.getByText("Shared by Bo")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Wards" }));

  expect(await screen.findByText(/names a group or host that is gone/)).toBeTruthy();
});

it("saves what the page looks for under a name, by keyboard alone", async () => {
  const user = userEvent.setup();
  const asked = show();
  const save = await screen.findByRole("button", { name: "Save this view" });
  save.focus();
  await user.keyboard("{Enter}");
  const sheet = await screen.findByRole("dialog", { name: "Save this view" });
  await user.click(within(sheet).getByRole("button", { name: "Save" }));
  expect(asked.some((call) => call.startsWith("POST"))).toBe(false);
  await look();

  await user.type(within(sheet).getByLabelText("Name"), "Last month");
  await user.keyboard("{Enter}");

  const body = JSON.stringify({ name: "Last month", is_shared: false, filter: FILTER });
  await waitFor(() => expect(asked).toContain(`POST admin/views ${body}`));
});

it("offers changes to what is one's own alone", async () => {
  const user = userEvent.setup();
  const asked = show();
  await user.click(await screen.findByRole("button", { name: "Change the view Usage" }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove" }));

  await waitFor(() => expect(asked).toContain("DELETE admin/views/v1"));
  expect(screen.queryByRole("button", { name: "Change the view Wards" })).toBeNull();
});
