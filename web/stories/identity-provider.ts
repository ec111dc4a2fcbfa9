/** An identity provider of the story's own: any name signs in, with any password. */

import { createServer, type Server } from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { Provider } from "oidc-provider";

export interface IdentityProvider {
  /** For the server's configuration. */
  config: string;
  /** Leads back to there: the server names the address that it listens on, and the story's pages reach it by another. */
  leadBackTo(url: string): void;
  /** Ends it, in the middle of the story. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

const CLIENT = { id: "conclave", secret: "the story's own secret" };
export const NAME = "Lindenhof login";

export async function openIdentityProvider(): Promise<IdentityProvider> {
  const folder = await mkdtemp(join(tmpdir(), "conclave-provider-"));
  const secret = join(folder, "secret");
  await writeFile(secret, CLIENT.secret);
  const server = createServer();
  const port = await listening(server);
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: ["http://127.0.0.1/signed-in"] }],
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
  // The server's port is not known yet.
  provider.Client.prototype.redirectUriAllowed = (uri: string) => new URL(uri).pathname === "/signed-in";
  const answer = provider.callback();
  let back = "";
  server.on("request", (request, response) => {
    const set = response.setHeader.bind(response);
    response.setHeader = (name, value) => set(name, typeof value === "string" ? value.replace(/^http:\/\/localhost:\d+(?=\/signed-in\?)/, back) : value);
    answer(request, response);
  });

  async function stop(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  return {
    config: `[single_sign_on]\nissuer = "${issuer}"\nname = "${NAME}"\nclient_id = "${CLIENT.id}"\nclient_secret_file = "${secret}"\n`,
    leadBackTo: (url) => void (back = url),
    stop,
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** At the provider's page: says who one is, and agrees. */
export async function sayWho(page: Page, name: string): Promise<void> {
  await page.locator("input[name=login]").fill(name);
  await page.locator("input[name=password]").fill("anything");
  await page.locator("button[type=submit]").click();
  await page.getByRole("button", { name: "Continue" }).click();
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (typeof address === "object" && address !== null) resolve(address.port);
      else reject(new Error("no port"));
    });
  });
}
