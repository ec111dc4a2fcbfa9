import { type FormEvent, useState } from "react";
import { flushSync } from "react-dom";

interface Checked {
  /** Errors are shown from the first try to submit on. */
  isChecked: boolean;
  /** For a form's `onSubmit`: sends a valid form, and otherwise leads to the first field that is wrong. */
  submit: (event: FormEvent<HTMLFormElement>) => void;
  /** Hides the errors again. */
  reset: () => void;
}

export function useChecked(errors: readonly (string | null)[], send: () => void): Checked {
  const [isChecked, setChecked] = useState(false);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (errors.every((error) => error === null)) {
      send();
      return;
    }
    // The fields are marked before the first of them is looked for.
    flushSync(() => setChecked(true));
    event.currentTarget.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }
  return { isChecked, submit, reset: () => setChecked(false) };
}
