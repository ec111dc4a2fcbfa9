/** A request that failed, with the stable code that the page's texts are chosen by. */

/** The code of a request that got no answer at all. */
export const OFFLINE = "offline";
/** The code of an answer that is not our server's. */
export const UNEXPECTED = "unexpected";

export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: string;
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Seconds to wait before another try, where the server names them. */
  readonly retryAfter: number | undefined;

  constructor(code: string, status: number, retryAfter?: number) {
    super(code);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** Reads an error response (RFC 9457); an answer that is not ours becomes `unexpected`. */
export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const code = field(body, "code");
  const retryAfter = field(body, "retry_after");
  return new Problem(
    typeof code === "string" ? code : UNEXPECTED,
    response.status,
    typeof retryAfter === "number" ? retryAfter : undefined,
  );
}

function field(body: unknown, name: string): unknown {
  return typeof body === "object" && body !== null ? Reflect.get(body, name) : undefined;
}
