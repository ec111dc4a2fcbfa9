/** A fingerprint as computers and papers have it: in groups of four, which are compared one after the other. */
export function inGroups(fingerprint: string): string {
  return fingerprint.replaceAll(/(.{4})(?=.)/g, "$1 ");
}
