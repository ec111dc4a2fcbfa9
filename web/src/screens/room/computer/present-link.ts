/** What a presenter gives to the helper program on their own computer. */

/**
 * Of the meeting, its secret and the host's key, as the page's own link has them, and the code that lets the computer in:
 * all in the fragment, which no server sees.
 */
export function presentLink(origin: string, code: string, fragment: string, companion: string): string {
  const whole = fragment.includes(".") ? fragment : `${fragment}.`;
  return `${origin}/present#${code}.${whole}.${companion}`;
}

/**
 * In quotes: a shell would read `#` its own way. By its input: whatever stands on a command line, every user of the computer
 * can read; `echo` is the shell itself.
 */
export function presentCommand(link: string): string {
  return `echo '${link}' | conclave-agent present -`;
}
