import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { CodeForm } from "./CodeForm.tsx";

it("groups the digits while somebody types, and goes to that meeting", async () => {
  const user = userEvent.setup();
  const onInvitation = vi.fn();
  render(<CodeForm onInvitation={onInvitation} isPrimary />);
  const field = screen.getByLabelText<HTMLInputElement>("Meeting code or link");

  await user.type(field, "314159265{Enter}");

  expect(field.value).toBe("314-159-265");
  expect(onInvitation).toHaveBeenCalledWith({ code: "314-159-265", secret: null });
});

it("takes a whole pasted message, with the link's secret", async () => {
  const user = userEvent.setup();
  const onInvitation = vi.fn();
  render(<CodeForm onInvitation={onInvitation} isPrimary />);
  const secret = "A".repeat(43);

  await user.click(screen.getByLabelText("Meeting code or link"));
  await user.paste(`Join my meeting: https://meet.example/j/314-159-265#${secret}`);
  await user.click(screen.getByRole("button", { name: "Continue" }));

  expect(onInvitation).toHaveBeenCalledWith({ code: "314-159-265", secret });
});

it("says what a code looks like instead of going nowhere", async () => {
  const user = userEvent.setup();
  const onInvitation = vi.fn();
  render(<CodeForm onInvitation={onInvitation} isPrimary />);

  await user.type(screen.getByLabelText("Meeting code or link"), "1234{Enter}");

  expect(onInvitation).not.toHaveBeenCalled();
  expect(screen.getByText("A meeting code has 9 digits.")).toBeTruthy();
});
