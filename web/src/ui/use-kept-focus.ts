import { type RefObject, useEffect, useRef } from "react";

/**
 * Where focus goes when what had it disappears. A browser drops it on the page's body then, and
 * somebody with a keyboard or a screen reader has to begin again at the top.
 */
export function useKeptFocus(container: RefObject<HTMLElement | null>, fallback: () => HTMLElement | null | undefined): void {
  const last = useRef<Element | null>(null);

  useEffect(() => {
    function onFocus({ target }: FocusEvent): void {
      last.current = target instanceof Element && container.current?.contains(target) === true ? target : null;
    }
    document.addEventListener("focusin", onFocus);
    return () => document.removeEventListener("focusin", onFocus);
  }, [container]);

  useEffect(() => {
    const { current } = last;
    if (current === null || current.isConnected || document.activeElement !== document.body) return;
    last.current = null;
    fallback()?.focus();
  });
}
