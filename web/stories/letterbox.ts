/** A real mail server on loopback, which keeps what it is given. */

import { SMTPServer } from "smtp-server";

import { until } from "./stage.ts";

export interface Letterbox {
  /** The server's configuration that sends mail here. */
  config: string;
  /** The link to this page in the latest letter to this address. */
  link(to: string, page: string): Promise<string>;
  close(): Promise<void>;
}

interface Letter {
  to: string[];
  text: string;
}

export async function openLetterbox(): Promise<Letterbox> {
  const letters: Letter[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    onData(stream, { envelope }, done) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        letters.push({ to: envelope.rcptTo.map(({ address }) => address), text: Buffer.concat(parts).toString() });
        done();
      });
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.on("error", reject);
    const listener = server.listen(0, "127.0.0.1", () => {
      const address = listener.address();
      if (typeof address === "object" && address !== null) resolve(address.port);
    });
  });
  return {
    config: `[mail]\nserver = "127.0.0.1"\nport = ${port}\nsecurity = "none"\nfrom = "Conclave <conclave@lindenhof.example>"\n`,
    async link(to, page) {
      const pattern = new RegExp(`https?://\\S+/${page}#\\S+`);
      const look = (): Promise<string | undefined> =>
        Promise.resolve(letters.findLast((letter) => letter.to.includes(to) && pattern.test(letter.text))?.text);
      const text = await until(`a letter to ${to}`, look, (found) => found !== undefined);
      return pattern.exec(text ?? "")?.[0] ?? "";
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
