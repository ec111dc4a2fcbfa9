import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { Api } from "../../../api/api.ts";
import type { Me } from "../../../api/wire.ts";
import { look } from "../../../test-accessible.ts";
import { testWorld } from "../../../test-world.ts";
import { GroupsPage } from "./GroupsPage.tsx";

const WARD = { id: "ward", name: "Ward 3", members: 1, by_directory: false };
const PEOPLE = [
  { account: "amy", display_name: "Amy" },
  { account: "bo", display_name: "Bo" },
];

function show(answers: Record<string, unknown>): string[] {
  const sent: string[] = [];
  const api = new Api((input, init) => {
    const asked = `${init?.method ?? ""} ${String(input).replace("/api/v1/", "")}`;
    sent.push(asked);
    const answer = answers[asked];
    const nothing = new Response(null, { status: 204 });
    return Promise.resolve(answer instanceof Response ? answer : answer === undefined ? nothing : Response.json(answer));
  });
  render(<GroupsPage world={testWorld({ api })} me={{ role: "admin" } as Me} onHome={() => {}} onExpired={() => {}} />);
  return sent;
}

const READ = { "GET groups": { groups: [WARD], people: PEOPLE }, "GET groups/ward": { group: WARD, members: [PEOPLE[0]] } };

it("puts people into a group, and takes them out", async () => {
  const user = userEvent.setup();
  const sent = show(READ);
  await user.click(await screen.findByRole("button", { name: "Show “Ward 3”" }));

  await user.selectOptions(await screen.findByLabelText("Add somebody"), "Bo");
  await user.click(screen.getByRole("button", { name: "Add" }));
  await user.click(screen.getByRole("button", { name: "Remove Amy from the group" }));

  expect(sent).toContain("PUT groups/ward/members/bo");
  expect(sent).toContain("DELETE groups/ward/members/amy");
});

it("deletes a group after saying what is lost, and says when a name is taken", async () => {
  const user = userEvent.setup();
  const taken = Response.json({ code: "group_name_taken" }, { status: 409 });
  const sent = show({ ...READ, "POST groups": taken });
  await user.type(await screen.findByLabelText("Name of the group"), "ward 3");
  await user.click(screen.getByRole("button", { name: "Make the group" }));
  expect(await screen.findByText("Another group has this name.")).toBeTruthy();

  await user.click(screen.getByRole("button", { name: "Show “Ward 3”" }));
  await user.click(await screen.findByRole("button", { name: "Delete the group" }));
  const sheet = await screen.findByRole("alertdialog");
  expect(sent).not.toContain("DELETE groups/ward");
  await look();
  await user.click(within(sheet).getByRole("button", { name: "Delete" }));

  expect(sent).toContain("DELETE groups/ward");
});

it("leaves the people and the name of a directory’s group to the directory", async () => {
  const user = userEvent.setup();
  const group = { ...WARD, by_directory: true };
  show({ "GET groups": { groups: [group], people: PEOPLE }, "GET groups/ward": { group, members: [PEOPLE[0]] } });
  expect(await screen.findByText("Managed by your directory")).toBeTruthy();

  await user.click(screen.getByRole("button", { name: "Show “Ward 3”" }));

  expect(await screen.findByText(/Your directory says who is in this group/)).toBeTruthy();
  expect(screen.getAllByRole("button").map((button) => button.textContent)).toEqual(["Go to the start page", "All groups", "Delete the group"]);
});
