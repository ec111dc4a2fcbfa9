import { useCallback } from "react";

import { Problem } from "../../api/problem.ts";

/** Asks the server; where the session is over, that is told instead of failing in place. */
export function useExpiring(onExpired: () => void): <T>(asked: Promise<T>) => Promise<T> {
  return useCallback(
    async <T>(asked: Promise<T>): Promise<T> => {
      try {
        return await asked;
      } catch (error) {
        if (error instanceof Problem && error.status === 401) onExpired();
        throw error;
      }
    },
    [onExpired],
  );
}
