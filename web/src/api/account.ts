/** What somebody keeps of their own account. */

import type { Requests } from "./requests.ts";
import type {
  AccountVault,
  AddPasskey,
  ChangeVault,
  DeviceAsked,
  OpenSession,
  PasskeyCeremony,
  RecoveryCodes,
  SignInWays,
  SingleSignOnBegun,
  TotpBegun,
} from "./wire.ts";

export function accountRoutes(requests: Requests) {
  return {
    signInWays: () => requests.json<SignInWays>({ method: "GET", path: "account/sign-in" }),

    connectSingleSignOn: () => requests.json<SingleSignOnBegun>({ method: "POST", path: "account/single-sign-on" }),

    disconnectSingleSignOn: () => requests.nothing({ method: "DELETE", path: "account/single-sign-on" }),

    beginTotp: () => requests.json<TotpBegun>({ method: "POST", path: "account/totp" }),

    setUpTotp: (code: string) => requests.json<RecoveryCodes>({ method: "PUT", path: "account/totp", body: { code } }),

    removeTotp: () => requests.nothing({ method: "DELETE", path: "account/totp" }),

    beginAddingPasskey: () => requests.json<PasskeyCeremony>({ method: "POST", path: "account/passkeys/options" }),

    addPasskey: (body: AddPasskey) => requests.json<RecoveryCodes>({ method: "POST", path: "account/passkeys", body }),

    renamePasskey: (id: string, label: string) => requests.nothing({ method: "PUT", path: `account/passkeys/${id}`, body: { label } }),

    removePasskey: (id: string) => requests.nothing({ method: "DELETE", path: `account/passkeys/${id}` }),

    makeRecoveryCodes: () => requests.json<RecoveryCodes>({ method: "POST", path: "account/recovery-codes" }),

    changePassword: (password: string) => requests.nothing({ method: "PUT", path: "account/password", body: { password } }),

    /** Mails a link to that address. The same answer for one that somebody has. */
    askForEmail: (email: string) => requests.nothing({ method: "POST", path: "account/email", body: { email } }),

    /** Spends that link. */
    confirmEmail: (token: string) => requests.nothing({ method: "POST", path: "account/email/confirm", body: { token } }),

    /** Asking keeps the session open. */
    sessions: () => requests.json<OpenSession[]>({ method: "GET", path: "account/sessions" }),

    endSession: (id: string) => requests.nothing({ method: "DELETE", path: `account/sessions/${id}` }),

    endOtherSessions: () => requests.nothing({ method: "DELETE", path: "account/sessions" }),

    vault: () => requests.json<AccountVault>({ method: "GET", path: "account/vault" }),

    /** Refused as `vault_moved_on` where another browser was first. */
    changeVault: (body: ChangeVault) => requests.nothing({ method: "PUT", path: "account/vault", body }),

    askForDevice: (request: string) => requests.json<DeviceAsked>({ method: "POST", path: "account/device-requests", body: { request } }),

    endDeviceRequest: (id: string) => requests.nothing({ method: "DELETE", path: `account/device-requests/${id}` }),
  };
}
