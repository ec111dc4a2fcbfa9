import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { JSX } from "react";
import { expect, it, vi } from "vitest";

import type { LobbyEntry } from "../../api/wire.ts";
import { useDenial } from "./use-denial.tsx";

const CY = { participant: "cy", name: "Cy" } as unknown as LobbyEntry;

interface AskingProps {
  lobby: readonly LobbyEntry[];
  onDeny: (participant: string) => void;
  onGone: () => void;
}

function Asking({ lobby, onDeny, onGone }: AskingProps): JSX.Element {
  const { deny, sheet } = useDenial({ linkAdmits: true, lobby, onDeny, onGone });
  return (
    <>
      {lobby.map((person) => (
        <button key={person.participant} type="button" onClick={() => deny(person)}>
          Not now
        </button>
      ))}
      {sheet}
    </>
  );
}

it("asks nothing any more of somebody who went meanwhile", async () => {
  const [onDeny, onGone] = [vi.fn(), vi.fn()];
  const { rerender } = render(<Asking lobby={[CY]} onDeny={onDeny} onGone={onGone} />);
  await userEvent.setup().click(screen.getByRole("button", { name: "Not now" }));
  expect(within(screen.getByRole("alertdialog")).getByRole("button", { name: "Turn away" })).toBeTruthy();

  rerender(<Asking lobby={[]} onDeny={onDeny} onGone={onGone} />);

  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(onGone).toHaveBeenCalledTimes(1);
  expect(onDeny).not.toHaveBeenCalled();
});
