import { render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import type { Meeting } from "../../api/wire.ts";
import { MeetingCard } from "./MeetingCard.tsx";

const meeting = {
  id: "m",
  title: "Ward round",
  code: "123-456-789",
  state: "scheduled",
  created_at: "2026-11-22T08:00:00Z",
} as Meeting;

it.each([true, false])("answers beside the button whether the invitation was copied: %s", (isCopied) => {
  const actions = { enter: vi.fn(), copyInvitation: vi.fn(), end: vi.fn() };
  render(<MeetingCard meeting={meeting} copied={{ isCopied, text: "The answer" }} place="shared" actions={actions} />);

  expect(screen.getByText("The answer").closest("[role=status]")).toBeTruthy();
});
