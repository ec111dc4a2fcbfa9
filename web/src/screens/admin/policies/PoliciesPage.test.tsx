import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { Api } from "../../../api/api.ts";
import type { Me, Permitted, Policy } from "../../../api/wire.ts";
import { Announcer } from "../../../ui/announcer.tsx";
import { look } from "../../../test-accessible.ts";
import { testWorld } from "../../../test-world.ts";
import { PoliciesPage } from "./PoliciesPage.tsx";

const permitted: Permitted = {
  host_meetings: true,
  guests: true,
  enter_by_link: true,
  screen_sharing: true,
  camera: true,
  messages: true,
  co_hosts: true,
  meeting_control: true,
  idle_minutes: 15,
  second_factor: "roles",
  data_mode: "conduit",
  key_without_passcode: true,
  emergency_access: false,
  support: true,
  support_control: true,
  support_clipboard: false,
  support_files: false,
  support_file_mebibytes: 100,
  support_file_count: 20,
  support_diagnostics: true,
  support_chat: true,
  support_idle_minutes: 15,
  support_unattended: false,
  support_administrator: false,
  support_queue: false,
};
const profile = { since: null, leave_asked_by: null, leave_until: null, drift: [], settings: { enter_by_link: { value: false, locked: true } } };
const policy: Policy = { revision: 4, settings: {}, permitted, floor: permitted, profile };
const lists = { groups: [{ id: "ward", name: "Ward 3", members: 1 }], people: [{ account: "bo", display_name: "Bo" }] };

interface Sent {
  method: string | undefined;
  path: string;
  body: unknown;
}

function show(answers: Record<string, unknown>, role: Me["role"] = "owner"): { sent: Sent[]; onExpired: () => void } {
  const sent: Sent[] = [];
  const api = new Api((input, init) => {
    const path = String(input).replace("/api/v1/", "");
    const body = typeof init?.body === "string" ? (JSON.parse(init.body) as unknown) : undefined;
    sent.push({ method: init?.method, path, body });
    const answer = answers[`${init?.method ?? ""} ${path}`];
    return Promise.resolve(answer instanceof Response ? answer : Response.json(answer));
  });
  const onExpired = vi.fn();
  const me = { account: "amy", role } as Me;
  render(
    <Announcer>
      <PoliciesPage world={testWorld({ api })} me={me} onHome={() => {}} onExpired={onExpired} />
    </Announcer>,
  );
  return { sent, onExpired };
}

const over = (): Response => Response.json({ code: "not_signed_in" }, { status: 401 });
const READ = { "GET groups": lists, "GET policies/organisation": policy, "GET support/questions": { questions: null } };

it("shows what a change would change before it is saved", async () => {
  const user = userEvent.setup();
  const changes = [{ setting: "guests", from: true, to: false, accounts: 2, guests: true }];
  const { sent } = show({
    ...READ,
    "POST policies/preview": { revision: 4, accounts: 2, changes },
    "PUT policies/organisation": { ...policy, revision: 5 },
  });

  await user.selectOptions(await screen.findByLabelText("Guests without an account"), "off");
  await user.click(screen.getByRole("switch", { name: /Lock “Guests/ }));
  await user.click(screen.getByRole("button", { name: "Review the change" }));
  const sheet = await screen.findByRole("dialog", { name: "What this changes" });
  expect(within(sheet).getByText("Guests without an account: on becomes off, for 2 people, and for guests.")).toBeTruthy();
  expect(sent.some(({ method }) => method === "PUT")).toBe(false);
  await look();
  await user.click(within(sheet).getByRole("button", { name: "Save" }));

  const settings = { guests: { value: false, locked: true } };
  await vi.waitFor(() => expect(sent).toContainEqual({ method: "PUT", path: "policies/organisation", body: { revision: 4, settings } }));
});

it("says of each number what it counts", async () => {
  const user = userEvent.setup();
  const changes = [
    { setting: "support_file_mebibytes", from: 100, to: 5, accounts: 1, guests: false },
    { setting: "support_file_count", from: 20, to: 1, accounts: 1, guests: false },
  ];
  const { sent } = show({ ...READ, "POST policies/preview": { revision: 4, accounts: 1, changes } });

  await user.selectOptions(await screen.findByLabelText("Support: the largest file"), "5 MiB");
  await user.selectOptions(screen.getByLabelText("Support: files in a session, both ways together"), "1 file");
  await user.click(screen.getByRole("button", { name: "Review the change" }));

  const sheet = await screen.findByRole("dialog", { name: "What this changes" });
  expect(within(sheet).getByText("Support: the largest file: 100 MiB becomes 5 MiB, for 1 person.")).toBeTruthy();
  expect(within(sheet).getByText("Support: files in a session, both ways together: 20 files becomes 1 file, for 1 person.")).toBeTruthy();
  const settings = { support_file_mebibytes: { value: 5, locked: false }, support_file_count: { value: 1, locked: false } };
  expect(sent.find(({ path }) => path === "policies/preview")?.body).toEqual({ settings });
});

// Shows: REQ-RS-07.
it("asks after support what is typed, none of it twice, and what every one asks where nothing is", async () => {
  const user = userEvent.setup();
  const { sent } = show({ ...READ, "GET support/questions": { questions: [{ kind: "rating", text: "How quick was it?" }] }, "PUT support/questions": new Response(null, { status: 204 }) });
  const second = await screen.findByLabelText("Question 2");

  await user.type(second, "How quick was it?");
  await user.click(screen.getByRole("button", { name: "Save the questions" }));
  expect(screen.getByText("This is asked twice.")).toBeTruthy();
  expect(sent.some(({ method }) => method === "PUT")).toBe(false);
  await user.clear(second);
  await user.type(second, "What was it about?");
  await user.selectOptions(screen.getByLabelText("How question 2 is answered"), "in words");
  await user.click(screen.getByRole("button", { name: "Save the questions" }));

  const questions = [
    { kind: "rating", text: "How quick was it?" },
    { kind: "text", text: "What was it about?" },
  ];
  await vi.waitFor(() => expect(sent).toContainEqual({ method: "PUT", path: "support/questions", body: { questions } }));
  await user.clear(screen.getByLabelText("Question 1"));
  await user.clear(screen.getByLabelText("Question 2"));
  await user.click(screen.getByRole("button", { name: "Save the questions" }));
  await vi.waitFor(() => expect(sent).toContainEqual({ method: "PUT", path: "support/questions", body: { questions: null } }));
});

// Shows: REQ-RS-07.
it("keeps the questions that are typed, and why they were not saved, while a setting is saved", async () => {
  const user = userEvent.setup();
  const answers: Record<string, unknown> = {
    ...READ,
    "PUT support/questions": Response.json({ code: "unexpected" }, { status: 500 }),
    "POST policies/preview": { revision: 4, accounts: 2, changes: [] },
    "PUT policies/organisation": policy,
  };
  const { sent } = show(answers);
  await user.type(await screen.findByLabelText("Question 1"), "How quick was it?");
  await user.click(screen.getByRole("button", { name: "Save the questions" }));
  expect(await screen.findByText("That did not work. Please try again.")).toBeTruthy();

  await user.selectOptions(screen.getByLabelText("Guests without an account"), "off");
  await user.click(screen.getByRole("button", { name: "Review the change" }));
  const sheet = await screen.findByRole("dialog", { name: "What this changes" });
  const settings = { guests: { value: false, locked: false } };
  answers["GET policies/organisation"] = { ...policy, revision: 5, settings };
  await user.click(within(sheet).getByRole("button", { name: "Save" }));

  // Nothing is left of the change but what the server says.
  expect(await screen.findByText("Nothing is changed yet.")).toBeTruthy();
  expect(sent).toContainEqual({ method: "PUT", path: "policies/organisation", body: { revision: 4, settings } });
  expect(screen.getByLabelText<HTMLInputElement>("Question 1").value).toBe("How quick was it?");
  expect(screen.getByText("That did not work. Please try again.")).toBeTruthy();
});

it("says why a setting is as it is for a person", async () => {
  const user = userEvent.setup();
  const explanations = [
    {
      setting: "screen_sharing",
      value: false,
      floor: true,
      decided_by: { layer: "account" },
      held_by: { layer: "group", group: "ward" },
      words: [],
    },
    { setting: "camera", value: true, floor: true, decided_by: { layer: "default" }, held_by: null, words: [] },
  ];
  show({
    ...READ,
    "GET policies/accounts/bo": policy,
    "GET policies/explain?account=bo": { display_name: "Bo", explanations, groups: lists.groups },
  });

  await user.selectOptions(await screen.findByLabelText("Whose policy"), "Person: Bo");

  expect(await screen.findByRole("heading", { name: "Why is this so for Bo?" })).toBeTruthy();
  expect(screen.getByText("Share screens: off. The person’s own policy asks for more, and The group “Ward 3” has it locked.")).toBeTruthy();
  expect(screen.getByText("Camera: on. Nobody says anything about it.")).toBeTruthy();
});

it("turns the profile on after saying what it does, and holds its settings then", async () => {
  const user = userEvent.setup();
  const on = { ...policy, profile: { ...profile, since: "2026-11-26T08:00:00Z" } };
  const answers: Record<string, unknown> = { ...READ, "POST policies/profile": on };
  const { sent } = show(answers);

  await user.click(await screen.findByRole("button", { name: "Turn the profile on" }));
  const sheet = await screen.findByRole("alertdialog");
  await look();
  answers["GET policies/organisation"] = { ...on, revision: 5 };
  await user.click(within(sheet).getByRole("button", { name: "Turn the profile on" }));

  expect(await screen.findByText(/The healthcare profile is on since/)).toBeTruthy();
  expect(sent).toContainEqual({ method: "POST", path: "policies/profile", body: undefined });
  expect(screen.queryByLabelText("The link lets straight in")).toBeNull();
  expect(screen.getByText(/Held by the healthcare profile/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Ask to leave the profile" })).toBeTruthy();
});

it("offers nothing to change to who only reads, and goes when the session is over", async () => {
  show(READ, "auditor");
  expect(await screen.findByText(/You can look at policies/)).toBeTruthy();
  expect(screen.queryByLabelText("Camera")).toBeNull();
  expect(screen.queryByRole("button", { name: "Turn the profile on" })).toBeNull();

  const { onExpired } = show({ "GET groups": over(), "GET policies/organisation": over(), "GET support/questions": over() });
  await vi.waitFor(() => expect(onExpired).toHaveBeenCalled());
});
