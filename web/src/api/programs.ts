/** Programs that use this API with a key of their own. */

import type { Requests } from "./requests.ts";
import type { MakeProgram, ProgramList, ProgramMade } from "./wire.ts";

export function programRoutes(requests: Requests) {
  return {
    /** Those that ended lately too. */
    programs: () => requests.json<ProgramList>({ method: "GET", path: "programs" }),

    /** The answer has the program's key, this once. */
    makeProgram: (body: MakeProgram) => requests.json<ProgramMade>({ method: "POST", path: "programs", body }),

    revokeProgram: (id: string) => requests.nothing({ method: "DELETE", path: `programs/${id}` }),
  };
}
