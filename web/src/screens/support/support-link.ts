/** What a technician gives to whom they help: a page to open, or a line for the helper program. */

import { invitationLink } from "../../call/invitation.ts";

/** Of the page that says what happens; without the fragment the code alone is in it. */
export function helpLink(origin: string, code: string, fragment: string | null): string {
  return `${origin}/help#${code}${fragment === null ? "" : `.${fragment}`}`;
}

/**
 * By code alone the program has to be told where. A link it reads from its input: whatever stands on a command line, every
 * user of the computer can read; `echo` is the shell itself.
 */
export function helperCommand(origin: string, code: string, fragment: string | null): string {
  return fragment === null ? `conclave-agent help ${code} --server ${origin}` : `echo '${invitationLink(origin, code, fragment)}' | conclave-agent help -`;
}

/** For an enrolled computer, which knows its server already, and by another name than the technician's browser perhaps. */
export function enrolledLink(code: string, fragment: string): string {
  return `conclave:${code}#${fragment}`;
}

/** `1 2 3, 4 5 6, 7 8 9`: as it is read out, by people and by screen readers. */
export function spokenDigits(code: string): string {
  return code.split("-").map((group) => [...group].join(" ")).join(", ");
}
