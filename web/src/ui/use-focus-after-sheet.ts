import { type RefObject, useEffect, useRef } from "react";

/** After a sheet has given the focus back, which it does when it is gone. */
const AFTER_SHEET_MS = 100;

/** Where focus goes when a sheet that was open is gone, and what opened it as well. */
export function useFocusAfterSheet(isOpen: boolean, fallback: RefObject<HTMLElement | null>): void {
  const wasOpen = useRef(false);

  useEffect(() => {
    if (isOpen || !wasOpen.current) {
      wasOpen.current = isOpen;
      return undefined;
    }
    wasOpen.current = false;
    const timer = setTimeout(() => document.activeElement === document.body && fallback.current?.focus(), AFTER_SHEET_MS);
    return () => clearTimeout(timer);
  }, [isOpen, fallback]);
}
