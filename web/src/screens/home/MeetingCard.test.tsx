import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import type { Meeting, Occurrence } from "../../api/wire.ts";
import { look } from "../../test-accessible.ts";
import { MeetingCard } from "./MeetingCard.tsx";

const meeting = {
  id: "m",
  title: "Ward round",
  code: "123-456-789",
  state: "scheduled",
  created_at: "2026-11-22T08:00:00Z",
  starts_at: null,
  series: "m",
  entry: "link",
  uninvited: "wait",
  sequence: 0,
  occurrences: [],
  waiting: 0,
} as unknown as Meeting;

const occurrence: Occurrence = { start: "2036-03-29T09:30", begins: "2036-03-29T08:30:00Z", ends: "2036-03-29T09:00:00Z" };
const weekly: Meeting = {
  ...meeting,
  starts_at: occurrence.begins,
  last_begins: "2036-06-01T08:30:00Z",
  occurrences: [occurrence],
  schedule: { start: occurrence.start, zone: "Europe/Berlin", minutes: 30, repeats: { every: "day", days: [], count: 9 }, cancelled: [] },
};

function show(change: Partial<Meeting> = {}, of: Meeting = meeting, which: Occurrence | null = null, isNext = true, isLast = true) {
  const list = ["bea@clinic.example"];
  const actions = {
    enter: vi.fn(),
    copyInvitation: vi.fn(),
    saveCalendar: vi.fn(),
    end: vi.fn().mockResolvedValue(undefined),
    cancel: vi.fn().mockResolvedValue(undefined),
    cancelOne: vi.fn().mockResolvedValue(undefined),
    invited: {
      read: vi.fn(() => Promise.resolve([...list])),
      add: vi.fn((_: Meeting, email: string) => Promise.resolve(void list.push(email))),
      remove: vi.fn((_: Meeting, email: string) => Promise.resolve(void list.splice(list.indexOf(email), 1))),
    },
  };
  const item = { meeting: { ...of, ...change }, occurrence: which, isNext };
  render(<MeetingCard item={item} isLast={isLast} copied={{ isCopied: true, text: "The answer" }} place="shared" actions={actions} onChange={vi.fn()} />);
  return actions;
}

it("answers beside the button whether the invitation was copied, and says how many wait", () => {
  show({ waiting: 2 });

  expect(screen.getByText("The answer").closest("[role=status]")).toBeTruthy();
  expect(screen.getByText("2 people wait")).toBeTruthy();
});

it("cancels one time or all of them, and says what becomes of it", async () => {
  const { cancelOne, cancel } = show({}, weekly, occurrence, false);
  const user = userEvent.setup();
  expect(screen.queryByRole("button", { name: "Start" })).toBeNull();

  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(screen.getByText(/the link and the code stop working for good/)).toBeTruthy();
  await look();
  await user.click(screen.getByRole("button", { name: "Cancel this time" }));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(cancelOne).toHaveBeenCalledWith(weekly, occurrence);
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await user.click(screen.getByRole("button", { name: "Cancel all times" }));

  expect(cancel).toHaveBeenCalledWith(weekly);
});

it("ends a meeting only after its consequence was read", async () => {
  const { end } = show();
  const user = userEvent.setup();

  await user.click(screen.getByRole("button", { name: "End" }));
  const sheet = within(await screen.findByRole("alertdialog", { name: "End the meeting for everyone?" }));
  expect(sheet.getByText(/the invitation stops working/)).toBeTruthy();
  expect(end).not.toHaveBeenCalled();
  await look();
  await user.click(sheet.getByRole("button", { name: "End for everyone" }));

  expect(end).toHaveBeenCalledOnce();
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
});

it("changes who is invited after the meeting was made", async () => {
  const { invited } = show({ entry: "invited" });
  const user = userEvent.setup();

  await user.click(screen.getByRole("button", { name: "Who is invited" }));
  await user.type(await screen.findByLabelText("E-mail"), "cy@clinic.example");
  await user.click(screen.getByRole("button", { name: "Add" }));
  await user.click(await screen.findByRole("button", { name: "Take bea@clinic.example off the list" }));

  await waitFor(() => expect(screen.queryByText("bea@clinic.example")).toBeNull());
  expect(screen.getByText("cy@clinic.example")).toBeTruthy();
  expect(invited.remove).toHaveBeenCalledOnce();
});

it("takes a series out of calendars by the last of it alone", async () => {
  const over = { state: "ended" } as const;
  show(over, weekly, null, true, false);
  expect(screen.queryByRole("button", { name: "Take out of calendars" })).toBeNull();

  const { saveCalendar } = show(over, weekly);
  await userEvent.click(screen.getByRole("button", { name: "Take out of calendars" }));

  expect(saveCalendar).toHaveBeenCalledWith(expect.objectContaining({ series: "m" }));
});
