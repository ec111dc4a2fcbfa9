import { createContext } from "react";

/** Where complaints about privacy go: an address of mail or of a page; `null` where the operator names none. */
export const Complaints = createContext<string | null>(null);
