/** Signing in and out, and how somebody comes to an account. */

import { Problem } from "./problem.ts";
import type { Requests } from "./requests.ts";
import type {
  Accept,
  BeginSingleSignOn,
  FinishSingleSignOn,
  Me,
  PasskeyCeremony,
  ResetPassword,
  SecondFactor,
  SecondFactorAsked,
  ServerInfo,
  SetUp,
  SignIn,
  SingleSignOnBegun,
  StepUp,
  UsePasskey,
} from "./wire.ts";

export function signInRoutes(requests: Requests) {
  return {
    server: () => requests.json<ServerInfo>({ method: "GET", path: "server" }),

    setUp: (body: SetUp) => requests.json<Me>({ method: "POST", path: "setup", body }),

    /** Who is signed in then, or what the account asks for beside the password. */
    signIn: (body: SignIn) => requests.json<Me | SecondFactorAsked>({ method: "POST", path: "session", body }),

    showSecondFactor: (body: SecondFactor) => requests.json<Me>({ method: "POST", path: "session/second-factor", body }),

    beginPasskey: () => requests.json<PasskeyCeremony>({ method: "POST", path: "session/passkey/options" }),

    /** Signs in, or proves again who sits there. */
    signInWithPasskey: (body: UsePasskey) => requests.json<Me>({ method: "POST", path: "session/passkey", body }),

    /** Where the browser goes, to sign in by the organisation's identity provider. */
    beginSingleSignOn: (body: BeginSingleSignOn) =>
      requests.json<SingleSignOnBegun>({ method: "POST", path: "session/single-sign-on", body }),

    /** Who is signed in then, or what the account asks for beside the provider's word. */
    finishSingleSignOn: (body: FinishSingleSignOn) =>
      requests.json<Me | SecondFactorAsked>({ method: "POST", path: "session/single-sign-on/finish", body }),

    stepUp: (body: StepUp) => requests.json<Me>({ method: "POST", path: "session/step-up", body }),

    /** Who is signed in; `null` for nobody. */
    session: async (): Promise<Me | null> => {
      try {
        return await requests.json<Me>({ method: "GET", path: "session" });
      } catch (error) {
        if (error instanceof Problem && error.status === 401) return null;
        throw error;
      }
    },

    signOut: () => requests.nothing({ method: "DELETE", path: "session" }),

    /** The same answer for every address. */
    askForReset: (email: string) => requests.nothing({ method: "POST", path: "password-resets", body: { email } }),

    resetPassword: (body: ResetPassword) => requests.nothing({ method: "POST", path: "password-resets/finish", body }),

    /** The same answer for every address. */
    askForAccount: (email: string) => requests.nothing({ method: "POST", path: "account-requests", body: { email } }),

    confirmAccountRequest: (body: Accept) => requests.nothing({ method: "POST", path: "account-requests/confirm", body }),

    /** Spends an invitation's link; signs in. */
    acceptInvitation: (body: Accept) => requests.json<Me>({ method: "POST", path: "invitations/accept", body }),
  };
}
