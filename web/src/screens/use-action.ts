import { useState } from "react";

import { failureText } from "./failure.ts";

interface Action<Input extends unknown[]> {
  isRunning: boolean;
  /** In plain words; `null` while nothing is wrong. */
  failure: string | null;
  run: (...input: Input) => void;
  /** What went wrong is of an earlier occasion. */
  forget: () => void;
}

/** Something that takes a moment and may fail; a second press while it runs does nothing. */
export function useAction<Input extends unknown[]>(action: (...input: Input) => Promise<unknown>): Action<Input> {
  const [isRunning, setRunning] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  function run(...input: Input): void {
    if (isRunning) return;
    setRunning(true);
    setFailure(null);
    action(...input)
      .catch((error: unknown) => setFailure(failureText(error)))
      .finally(() => setRunning(false));
  }
  return { isRunning, failure, run, forget: () => setFailure(null) };
}
