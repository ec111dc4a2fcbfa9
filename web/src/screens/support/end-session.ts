import type { Api } from "../../api/api.ts";
import { Problem } from "../../api/problem.ts";

/** Also where it is over already, by the computer or by its time. */
export async function endSession(api: Pick<Api, "endSupport">, session: string): Promise<void> {
  try {
    await api.endSupport(session);
  } catch (error) {
    if (!(error instanceof Problem && (error.status === 404 || error.status === 410))) throw error;
  }
}
