/** `null` for what is not in its form. After a failure of the WebAssembly nothing of it is to be trusted. */
export function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return null;
  }
}
