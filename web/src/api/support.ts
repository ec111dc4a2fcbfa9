/** Sessions in which somebody is helped. */

import type { Requests, Seat } from "./requests.ts";
import type { CommandDone, FeedbackQuestion, OpenSupport, SupportFeedback, SupportOffer, SupportQuestions, SupportSession, SupportSessions, SupportTerms } from "./wire.ts";

export function supportRoutes(requests: Requests) {
  return {
    /** Makes a code and a link with which somebody is helped. */
    openSupport: (body: OpenSupport) => requests.json<SupportSession>({ method: "POST", path: "support/sessions", body, isCommand: true }),

    /** One's own of the last day. Asking keeps no session open. */
    supportSessions: async (): Promise<SupportSession[]> => {
      const { sessions } = await requests.json<SupportSessions>({ method: "GET", path: "support/sessions" });
      return sessions;
    },

    endSupport: (session: string) =>
      requests.json<CommandDone>({ method: "POST", path: `support/sessions/${session}/end`, isCommand: true }),

    /** Whose help it is. The same refusal for every code that is not in use. */
    supportOffer: (code: string) => requests.json<SupportOffer>({ method: "GET", path: `support/codes/${encodeURIComponent(code)}` }),

    /** What policy permits in the session that takes place in this meeting. */
    supportTerms: ({ meeting, credential }: Seat) =>
      requests.json<SupportTerms>({ method: "GET", path: `meetings/${meeting}/support/terms`, credential }),

    /** Of whom the session helped; once, until an hour after its end. */
    judgeSupport: ({ meeting, credential }: Seat, body: SupportFeedback) =>
      requests.nothing({ method: "POST", path: `meetings/${meeting}/support/feedback`, body, credential, isCommand: true }),

    /** What the organisation asks after sessions; `null` where it asks what every one does. */
    supportQuestions: async (): Promise<FeedbackQuestion[] | null> => {
      const { questions } = await requests.json<SupportQuestions>({ method: "GET", path: "support/questions" });
      return questions ?? null;
    },

    setSupportQuestions: (questions: readonly FeedbackQuestion[] | null) => requests.nothing({ method: "PUT", path: "support/questions", body: { questions } }),
  };
}
