import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { ConfirmEmail } from "./ConfirmEmail.tsx";

it("says which address it is about before anybody uses it", async () => {
  const onConfirm = vi.fn(() => Promise.resolve());
  render(<ConfirmEmail token="secret" readAddress={() => Promise.resolve("mallory@elsewhere.example")} onConfirm={onConfirm} onHome={() => {}} />);

  expect(await screen.findByText("mallory@elsewhere.example")).toBeTruthy();
  expect(onConfirm).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole("button", { name: "Use this address" }));

  expect(onConfirm).toHaveBeenCalledWith("secret");
  expect(screen.queryByText("mallory@elsewhere.example")).toBeNull();
});
