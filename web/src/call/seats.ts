/**
 * What this tab keeps of a meeting through a reload: its seat, and the invitation's secret.
 *
 * The fragment is taken out of the address bar, because people share their screens with it.
 * A host's invitations are kept by this browser, so that they can be copied again later.
 */

import type { Seat } from "../api/requests.ts";
import type { Shelf } from "./shelf.ts";

export interface KeptSeat extends Seat {
  participant: string;
  /** As typed: the name that the members' group knows this person by. */
  name: string;
  /** Of who was signed in when they took it. */
  account: string | null;
}

/** What a meeting's encryption needs of the tab. */
export interface KeptSecrets {
  /** The invitation's fragment; `null` for who came by code and was not sent it yet. */
  fragment(): string | null;
  /** It came from a host's page, not from a link, and without a passcode. */
  isByCode(): boolean;
  keepFragment(fragment: string, isVerified: boolean): void;
  /** What they typed who came by code. */
  passcode(): string | null;
  keepPasscode(passcode: string | null): void;
  /** A try more; whether it is one too many in this tab. */
  countTry(): boolean;
  /** Whom this person let in. */
  admitted(): readonly string[];
  keepAdmitted(participant: string): void;
  /** They thought again. */
  forgetAdmitted(participant: string): void;
  /** To whom of them this page gave the secret without a passcode. */
  byCode(): readonly string[];
  /** How many wrong passcodes this page took. */
  guesses(): number;
  keepGuesses(count: number): void;
  /** Of the passcode that holds, as far as this tab has heard. */
  passcodeNumber(): number;
  keepPasscodeNumber(number: number): void;
  keepByCode(participant: string): void;
}

const MOST_INVITATIONS = 100;
/** More than a meeting holds. */
const MOST_PEOPLE = 500;
/** Of a passcode: somebody mistypes it once or twice, and loads the page again. */
const MOST_TRIES = 5;
const INVITATIONS = "conclave.invitations";

export class Seats {
  readonly #tab: Shelf;
  readonly #browser: Shelf;

  constructor(tab: Shelf, browser: Shelf) {
    this.#tab = tab;
    this.#browser = browser;
  }

  seat(code: string): KeptSeat | null {
    const kept = parse(this.#tab.getItem(seatKey(code)));
    return isSeat(kept) ? { ...kept, account: kept.account ?? null } : null;
  }

  keepSeat(code: string, { meeting, participant, credential, name, account }: KeptSeat): void {
    this.#tab.setItem(seatKey(code), JSON.stringify({ meeting, participant, credential, name, account }));
  }

  forgetSeat(code: string): void {
    this.#tab.removeItem(seatKey(code));
    for (const key of [sentKey(code), verifiedKey(code), passcodeKey(code), admittedKey(code), byCodeKey(code)]) this.#tab.removeItem(key);
  }

  /** Whoever comes in by this code from now on comes to be helped. */
  keepHelped(code: string): void {
    this.#tab.setItem(helpedKey(code), "1");
  }

  isHelped(code: string): boolean {
    return this.#tab.getItem(helpedKey(code)) !== null;
  }

  forgetHelped(code: string): void {
    this.#tab.removeItem(helpedKey(code));
  }

  secret(code: string): string | null {
    return this.#tab.getItem(secretKey(code)) ?? this.#invitations()[code] ?? null;
  }

  /** Of a meeting that was made in this browser, or came from the vault: never what somebody's link held. */
  invitation(code: string): string | null {
    return this.#invitations()[code] ?? null;
  }

  /** What was sent to somebody who came by code opens what is said, not the door: it is no invitation. */
  secrets(code: string): KeptSecrets {
    return {
      fragment: () => this.secret(code) ?? this.#tab.getItem(sentKey(code)),
      isByCode: () => this.secret(code) === null && this.#tab.getItem(verifiedKey(code)) === null,
      keepFragment: (fragment, isVerified) => {
        this.#tab.setItem(sentKey(code), fragment);
        if (isVerified) this.#tab.setItem(verifiedKey(code), "1");
      },
      passcode: () => this.#tab.getItem(passcodeKey(code)),
      keepPasscode: (passcode) => this.keepPasscode(code, passcode),
      countTry: () => {
        const tries = Number(this.#tab.getItem(triesKey(code)) ?? 0) + 1;
        this.#tab.setItem(triesKey(code), String(tries));
        return tries > MOST_TRIES;
      },
      admitted: () => this.#people(admittedKey(code)),
      keepAdmitted: (participant) => this.#keepPerson(admittedKey(code), participant),
      forgetAdmitted: (participant) => {
        for (const key of [admittedKey(code), byCodeKey(code)]) this.#forgetPerson(key, participant);
      },
      byCode: () => this.#people(byCodeKey(code)),
      guesses: () => Number(this.#tab.getItem(guessesKey(code)) ?? 0),
      keepGuesses: (count) => this.#tab.setItem(guessesKey(code), String(count)),
      passcodeNumber: () => Number(this.#tab.getItem(passcodeNumberKey(code)) ?? 0),
      keepPasscodeNumber: (number) => this.#tab.setItem(passcodeNumberKey(code), String(number)),
      keepByCode: (participant) => this.#keepPerson(byCodeKey(code), participant),
    };
  }

  /** Before the page joins: it may be loaded again before a host answers. */
  keepPasscode(code: string, passcode: string | null): void {
    if (passcode === null) this.#tab.removeItem(passcodeKey(code));
    else this.#tab.setItem(passcodeKey(code), passcode);
  }

  /** For a guest: as long as the tab lives. */
  keepSecret(code: string, secret: string): void {
    this.#tab.setItem(secretKey(code), secret);
  }

  /** For the host who made it: in this browser, until the meeting ends. */
  keepInvitation(code: string, secret: string): void {
    const others = Object.entries(this.#invitations()).filter(([known]) => known !== code);
    const newest = [...others, [code, secret]].slice(-MOST_INVITATIONS);
    this.#browser.setItem(INVITATIONS, JSON.stringify(Object.fromEntries(newest)));
  }

  forgetInvitation(code: string): void {
    const others = Object.entries(this.#invitations()).filter(([known]) => known !== code);
    this.#browser.setItem(INVITATIONS, JSON.stringify(Object.fromEntries(others)));
  }

  /** On signing out. */
  forgetInvitations(): void {
    this.#browser.removeItem(INVITATIONS);
  }

  #people(key: string): string[] {
    const kept = parse(this.#tab.getItem(key));
    return Array.isArray(kept) ? kept.filter((participant) => typeof participant === "string") : [];
  }

  #keepPerson(key: string, participant: string): void {
    const others = this.#people(key).filter((known) => known !== participant);
    this.#tab.setItem(key, JSON.stringify([...others, participant].slice(-MOST_PEOPLE)));
  }

  #forgetPerson(key: string, participant: string): void {
    this.#tab.setItem(key, JSON.stringify(this.#people(key).filter((known) => known !== participant)));
  }

  #invitations(): Record<string, string> {
    const kept = parse(this.#browser.getItem(INVITATIONS));
    if (typeof kept !== "object" || kept === null) return {};
    return Object.fromEntries(Object.entries(kept).filter(([, secret]) => typeof secret === "string"));
  }
}

function seatKey(code: string): string {
  return `conclave.seat.${code}`;
}

function secretKey(code: string): string {
  return `conclave.secret.${code}`;
}

/** Stays when the seat is given up: they are asked how it went then. */
function helpedKey(code: string): string {
  return `conclave.helped.${code}`;
}

function sentKey(code: string): string {
  return `conclave.sent.${code}`;
}

function verifiedKey(code: string): string {
  return `conclave.verified.${code}`;
}

function passcodeKey(code: string): string {
  return `conclave.passcode.${code}`;
}

/** Stays when the seat is given up. */
function guessesKey(code: string): string {
  return `conclave.passcode-guesses.${code}`;
}

/** Stays when the seat is given up: a passcode that was changed does not hold again. */
function passcodeNumberKey(code: string): string {
  return `conclave.passcode-number.${code}`;
}

/** Stays when the seat is given up: whoever comes again goes on counting. */
function triesKey(code: string): string {
  return `conclave.passcode-tries.${code}`;
}

function byCodeKey(code: string): string {
  return `conclave.by-code.${code}`;
}

function admittedKey(code: string): string {
  return `conclave.admitted.${code}`;
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

function isSeat(kept: unknown): kept is KeptSeat {
  if (typeof kept !== "object" || kept === null) return false;
  return ["meeting", "participant", "credential", "name"].every((key) => typeof Reflect.get(kept, key) === "string");
}
