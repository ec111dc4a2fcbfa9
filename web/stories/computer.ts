/** A computer of its own as far as networks go: a namespace that one wire leads out of, to the servers of this machine. */

import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Computer {
  /** Where there is no network of its own, programs share the story's. */
  isApart: boolean;
  /** What starts a program there, of what starts it here. */
  there(line: readonly string[]): readonly string[];
  close(): Promise<void>;
}

/** Says so where there can be none: it takes root, `ip`, and a kernel with network namespaces. */
export async function openComputer(): Promise<Computer> {
  const name = `conclave-${process.pid}`;
  const wire = `cnc${process.pid}`;
  try {
    await lay(wire, name);
  } catch (error) {
    await takeAway(wire, name);
    process.stdout.write(`The helper program shares the network of the story, as no other can be made here: ${String(error)}\n`);
    return { isApart: false, there: (line) => line, close: () => Promise.resolve() };
  }
  return {
    isApart: true,
    there: (line) => ["ip", "netns", "exec", name, ...line],
    close: () => takeAway(wire, name),
  };
}

/** What goes to 127.0.0.1 there, which has no loopback of its own, comes out of the wire and is for this machine's. */
async function lay(wire: string, name: string): Promise<void> {
  const [here, there] = ends();
  await run("ip", ["netns", "add", name]);
  await run("ip", ["link", "add", wire, "type", "veth", "peer", "name", "eth0", "netns", name]);
  await writeFile(`/proc/sys/net/ipv4/conf/${wire}/route_localnet`, "1");
  // Else the other end is asked for in the name of 127.0.0.1, which it does not answer.
  await writeFile(`/proc/sys/net/ipv4/conf/${wire}/arp_announce`, "2");
  // An address of IPv6 would come up by itself a second later, and a browser gives up what it loads then.
  await writeFile(`/proc/sys/net/ipv6/conf/${wire}/disable_ipv6`, "1").catch(() => {});
  await run("ip", ["netns", "exec", name, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/eth0/route_localnet"]);
  await run("ip", ["address", "add", `${here}/30`, "dev", wire]);
  await run("ip", ["link", "set", wire, "up"]);
  await run("ip", ["-n", name, "address", "add", `${there}/30`, "dev", "eth0"]);
  await run("ip", ["-n", name, "link", "set", "eth0", "up"]);
  await run("ip", ["-n", name, "route", "add", "127.0.0.1/32", "via", here, "dev", "eth0", "src", there]);
}

/** Of the addresses for measurements (RFC 2544), which lead nowhere; another four for each process that lays a wire. */
function ends(): [string, string] {
  const block = process.pid % 16_384;
  const net = `198.18.${block >> 6}`;
  const first = (block & 63) * 4;
  return [`${net}.${first + 1}`, `${net}.${first + 2}`];
}

/** As far as it was laid. */
async function takeAway(wire: string, name: string): Promise<void> {
  await run("ip", ["link", "delete", wire]).catch(() => {});
  await run("ip", ["netns", "delete", name]).catch(() => {});
}
