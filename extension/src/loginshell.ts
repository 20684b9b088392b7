import type { Variables } from "./environment.ts";
import { redactValue } from "./secret.ts";

/** Variables that decide how modules are fetched, other than those that begin with GO. */
const others = new Set(["PATH", "HOME", "NETRC", "SSL_CERT_FILE", "SSL_CERT_DIR", "XDG_CONFIG_HOME"]);

/** Reports whether a variable decides how modules are fetched. */
export function matters(name: string): boolean {
  return /^(GO[A-Z0-9_]*|GIT_[A-Z_]+|(HTTPS?|ALL|NO)_PROXY)$/i.test(name) || others.has(name);
}

/** Difference is one variable that an editor and a login shell see differently. */
export interface Difference {
  readonly name: string;
  /** The values, with secrets hidden; absent where the variable is not set. */
  readonly editor: string | undefined;
  readonly shell: string | undefined;
}

/**
 * Gives the environment to start a login shell with: who the user is, and nothing that the editor
 * has got from elsewhere. The runtime is told to be one.
 */
export function bareEnvironment(editor: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const bare: Record<string, string> = { TERM: "dumb", ELECTRON_RUN_AS_NODE: "1" };
  for (const name of ["HOME", "USER", "LOGNAME", "SHELL", "LANG"]) {
    const value = editor[name];
    if (value !== undefined) {
      bare[name] = value;
    }
  }
  return bare;
}

/** Gives the variables that matter and differ, by name. */
export function differences(editor: Readonly<Record<string, string | undefined>>, shell: Variables): Difference[] {
  const names = new Set([...Object.keys(editor), ...Object.keys(shell)]);
  return [...names]
    .filter((name) => matters(name) && editor[name] !== shell[name])
    .sort()
    .map((name) => ({ name, editor: shown(name, editor[name]), shell: shown(name, shell[name]) }));
}

function shown(name: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : redactValue(name, value);
}

/** Stands around the environment in what a shell writes, among what its start-up files say. */
export const mark = "modreach-environment";

/**
 * Gives the command line with which a login shell tells its environment. It lets the editor's own
 * runtime write it down, which is there on every system and knows no odd characters.
 */
export function shellArguments(runtime: string): string[] {
  const script = `process.stdout.write('${mark}'+JSON.stringify(process.env)+'${mark}')`;
  return ["-i", "-l", "-c", `'${runtime.replaceAll("'", `'\\''`)}' -e "${script}"`];
}

/** Reads what a shell wrote; undefined if the environment is not in it. */
export function parseShell(output: string): Variables | undefined {
  const [, text] = output.split(mark);
  if (text === undefined) {
    return undefined;
  }
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== "object" || read === null) {
      return undefined;
    }
    return Object.fromEntries(
      Object.entries(read).filter((member): member is [string, string] => typeof member[1] === "string"),
    );
  } catch {
    return undefined;
  }
}
