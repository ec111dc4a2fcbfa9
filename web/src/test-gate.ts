/** For tests: something that takes as long as the test says. */
export class Gate {
  open: () => void = () => {};
  refuse: (error: unknown) => void = () => {};
  readonly passed = new Promise<void>((resolve, reject) => {
    this.open = resolve;
    this.refuse = reject;
  });

  static opened(): Gate {
    const gate = new Gate();
    gate.open();
    return gate;
  }
}
