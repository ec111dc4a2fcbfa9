import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { Problem } from "../../api/problem.ts";
import type { Me, SignInByEmergencyCode } from "../../api/wire.ts";
import { SealedCodePage } from "./SealedCodePage.tsx";

const ME = { account: "bo", emergency_only: true } as Me;

async function type(email: string, code: string): Promise<void> {
  const user = userEvent.setup();
  await user.type(screen.getByLabelText("E-mail"), email);
  await user.type(screen.getByLabelText("Code of the envelope"), code);
  await user.click(screen.getByRole("button", { name: "Sign in" }));
}

it("signs in with an address and a code of the envelope", async () => {
  const onSignIn = vi.fn((_body: SignInByEmergencyCode) => Promise.resolve(ME));
  const onSignedIn = vi.fn();
  render(<SealedCodePage onSignIn={onSignIn} onSignedIn={onSignedIn} />);

  await type(" bo@clinic.example ", "aaaa-bbbb-cccc-dddd");

  await waitFor(() => expect(onSignedIn).toHaveBeenCalledWith(ME));
  expect(onSignIn).toHaveBeenCalledWith({ email: "bo@clinic.example", code: "aaaa-bbbb-cccc-dddd" });
});

it("says in one way what is wrong", async () => {
  const refused = new Problem("emergency_code_wrong", 401);
  render(<SealedCodePage onSignIn={() => Promise.reject(refused)} onSignedIn={() => {}} />);

  await type("bo@clinic.example", "aaaa-bbbb-cccc-dddd");

  await screen.findByText(/The e-mail address or the code is wrong/);
});
