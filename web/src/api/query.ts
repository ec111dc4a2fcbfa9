/** What a request asks for, beside where. */

/** From an instant on, and before another (RFC 3339). */
export interface Span {
  from: string;
  to: string;
}

/** With its question mark. What is empty is not asked for. */
export function queryOf(values: Record<string, string>): string {
  const given = Object.entries(values).filter(([, value]) => value !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
}
