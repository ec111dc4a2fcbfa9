import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, type Mock, vi } from "vitest";

import { Problem } from "../../../api/problem.ts";
import { addTexts } from "../../../i18n.ts";
import { recordings } from "../../../locales/recordings.ts";
import { KeyForm } from "./KeyForm.tsx";

addTexts(recordings);

const GOOD = "correct horse battery";

type Make = (custodians: string[], passphrase: string) => Promise<void>;

interface Shown {
  onMake: Mock<Make>;
  onClose: () => void;
}

function show(make: Make = () => Promise.resolve()): Shown {
  const onMake = vi.fn<Make>(make);
  const onClose = vi.fn();
  render(<KeyForm onMake={onMake} onClose={onClose} />);
  return { onMake, onClose };
}

/** With the keyboard alone, from the first field on. */
async function fill(custodians: string, passphrase: string, again: string): Promise<void> {
  const user = userEvent.setup();
  await user.click(screen.getByLabelText("Custodians, one a line"));
  await user.paste(custodians);
  await user.tab();
  await user.paste(passphrase);
  while (document.activeElement !== screen.getByLabelText("The same passphrase again")) await user.tab();
  await user.paste(again);
  await user.keyboard("{Enter}");
}

it("makes a key for those who are named, by a passphrase that was typed twice", async () => {
  const { onMake, onClose } = show();

  await fill(" Amy \n\nBo", GOOD, GOOD);

  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(onMake.mock.calls).toEqual([[["Amy", "Bo"], GOOD]]);
});

it("refuses two passphrases that differ at their field, before a key is made", async () => {
  const { onMake } = show();

  await fill("Amy", GOOD, "correct horse batterx");

  const again = screen.getByLabelText("The same passphrase again");
  expect(await screen.findByText("This is another passphrase than the one above.")).toBeTruthy();
  expect(document.activeElement).toBe(again);
  expect(again.getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByLabelText("Passphrase of the file").getAttribute("aria-invalid")).not.toBe("true");
  expect(onMake).not.toHaveBeenCalled();
});

it("takes letters for the same that are written in two ways", async () => {
  const { onMake } = show();

  await fill("Amy", "Schlüsselwörter", "Schlu\u0308sselwo\u0308rter");

  await waitFor(() => expect(onMake.mock.calls).toEqual([[["Amy"], "Schlüsselwörter"]]));
});

it("refuses more custodians than may be before a key is made, and takes as many as may be", async () => {
  const names = Array.from({ length: 21 }, (_, number) => `Custodian ${number}`);
  const { onMake } = show();

  await fill(names.join("\n"), GOOD, GOOD);

  expect(await screen.findByText("20 people keep a key at the most. These are 21.")).toBeTruthy();
  const field = screen.getByLabelText("Custodians, one a line");
  expect(document.activeElement).toBe(field);
  expect(onMake).not.toHaveBeenCalled();
  const user = userEvent.setup();
  await user.clear(field);
  await user.paste(names.slice(1).join("\n"));
  await user.click(screen.getByRole("button", { name: "Make it, and save its file" }));
  await waitFor(() => expect(onMake.mock.calls[0]?.[0]).toHaveLength(20));
});

it.each(["x".repeat(65), "B\u{e0100}o", "葛\u{e0100}\u{e0101}", "\u{fe0f}"])("refuses a name that the server would not take", async (name) => {
  const { onMake } = show();

  await fill(`Amy\n${name}`, GOOD, GOOD);

  expect(await screen.findByText(/64 characters at the most/)).toBeTruthy();
  expect(onMake).not.toHaveBeenCalled();
});

it("takes a name with variants of ideographs", async () => {
  const { onMake } = show();

  await fill("葛\u{e0100}城", GOOD, GOOD);

  await waitFor(() => expect(onMake.mock.calls).toEqual([[["葛\u{e0100}城"], GOOD]]));
});

it("says that it takes a while, and stays open with the server's words where it refuses", async () => {
  const waiting: ((problem: Problem) => void)[] = [];
  const { onClose } = show(() => new Promise<void>((_resolve, reject) => waiting.push(reject)));
  await fill("Amy", GOOD, GOOD);
  expect((await screen.findByRole("status")).textContent).toBe("The key is being made. That takes some seconds.");

  waiting.at(-1)?.(new Problem("too_many_recording_keys", 409));

  expect((await screen.findByText("The organisation has made as many keys as it may.")).closest("[role=alert]")).toBeTruthy();
  await waitFor(() => expect(screen.getByRole("status").textContent).toBe(""));
  expect(onClose).not.toHaveBeenCalled();
});
