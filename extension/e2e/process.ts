import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout } from "node:timers/promises";

/** How long processes may take to come or to go, in milliseconds: a start may be put off by a second. */
const patience = 30_000;

/** How long between two looks, in milliseconds. */
const pause = 50;

/** Waits until as many servers of this stage run, the one that is not to count left out, and gives their ids. */
export async function serverPids(count: number, without?: number, program = "modreach"): Promise<number[]> {
  const end = Date.now() + patience;
  for (;;) {
    const found = running(program).filter((pid) => pid !== without);
    if (found.length === count) {
      return found;
    }
    if (Date.now() > end) {
      throw new Error(`${String(found.length)} processes of ${program} run, not ${String(count)}`);
    }
    await setTimeout(pause);
  }
}

/** Ends a server as nobody expects. */
export function killServer(pid: number): void {
  process.kill(pid, "SIGKILL");
}

/** Lets a server answer nobody, as on a machine with much else to do. */
export function holdServer(pid: number): void {
  process.kill(pid, "SIGSTOP");
}

/** Lets a server go on. */
export function releaseServer(pid: number): void {
  process.kill(pid, "SIGCONT");
}

/** Gives the sockets of a process that lead into a network, as the system names them. Those to its parent do not. */
export function networkSockets(pid: number): string[] {
  const tables = ["tcp", "tcp6", "udp", "udp6"].map((name) => `/proc/${String(pid)}/net/${name}`);
  const network = new Set(
    tables
      .filter((file) => fs.existsSync(file)) // a system without IPv6 lacks two
      .flatMap((file) => fs.readFileSync(file, "utf8").trim().split("\n").slice(1))
      .map((line) => `socket:[${line.trim().split(/\s+/)[9] ?? ""}]`),
  );
  const open = `/proc/${String(pid)}/fd`;
  return fs
    .readdirSync(open)
    .map((name) => {
      try {
        return fs.readlinkSync(path.join(open, name));
      } catch {
        return ""; // closed meanwhile
      }
    })
    .filter((target) => network.has(target));
}

/** Gives the ids of the servers that were started with the home of this stage. */
function running(program: string): number[] {
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const args = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        const env = fs.readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
        return (
          args[0]?.endsWith(`/${program}`) === true &&
          (program !== "modreach" || args[1] === "serve") &&
          env.includes(`HOME=${process.env["HOME"] ?? ""}`)
        );
      } catch {
        return false; // gone, or somebody else's
      }
    })
    .map(Number);
}
