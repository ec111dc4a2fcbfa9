/** What is waited for, and not for ever: a request that hangs says nothing by itself. */
export function within<T>(milliseconds: number, awaited: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("too late")), milliseconds);
    void awaited.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
