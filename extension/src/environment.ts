import * as path from "node:path";

/** Variables by name. */
export type Variables = Readonly<Record<string, string>>;

/** GoSettings are those settings of the editor that change what the go command does, whoever they belong to. */
export interface GoSettings {
  /** go.toolsEnvVars of the Go extension. */
  readonly toolsEnvVars: unknown;
  /** modreach.env, which goes before it. */
  readonly env: unknown;
  /** The directory of the go command, from go.alternateTools or go.goroot; empty for that of PATH. */
  readonly goDirectory: string;
  /** go.goroot, where it is in force. */
  readonly goroot: string;
  /** http.proxy, if the user wants it to count; empty if not. */
  readonly httpProxy: string;
}

/** Surroundings are what settings may refer to. */
export interface Surroundings {
  readonly process: Readonly<Record<string, string | undefined>>;
  readonly folder: string | undefined;
  readonly home: string;
  readonly windows: boolean;
}

/** ServerEnvironment is what a server is told of the environment. */
export interface ServerEnvironment {
  /** Goes into the setting env, so that the server can tell where it comes from. It may change at any time. */
  readonly settings: Variables;
  /** PATH for the process, which decides which go command there is; absent where it stays. Only a start changes it. */
  readonly path: string | undefined;
}

/** Gives the environment that the editor's settings ask for. */
export function serverEnvironment(go: GoSettings, around: Surroundings): ServerEnvironment {
  const given = { ...variables(go.toolsEnvVars, around), ...variables(go.env, around) };
  const settings: Record<string, string> = {};
  const standing = around.process;
  if (go.goroot !== "" && !standing["GOROOT"]) {
    settings["GOROOT"] = expand(go.goroot, around);
  }
  if (go.httpProxy !== "") {
    // As for other programs, what the environment says goes before.
    for (const [upper, lower] of [
      ["HTTP_PROXY", "http_proxy"],
      ["HTTPS_PROXY", "https_proxy"],
    ] as const) {
      if (!standing[upper] && !standing[lower] && !given[upper] && !given[lower]) {
        settings[upper] = go.httpProxy;
      }
    }
  }
  let search: string | undefined;
  for (const [name, value] of Object.entries(given)) {
    // Windows writes it Path, too, and means the same.
    if (name === "PATH" || (around.windows && name.toUpperCase() === "PATH")) {
      search = value;
    } else {
      settings[name] = value;
    }
  }
  if (go.goDirectory !== "") {
    const old = search ?? pathOf(around);
    const delimiter = around.windows ? path.win32.delimiter : path.posix.delimiter;
    search = old === "" ? go.goDirectory : go.goDirectory + delimiter + old;
  }
  return { settings, path: search };
}

/** Gives PATH as the process has it; empty if it has none. */
export function pathOf(around: Surroundings): string {
  for (const [name, value] of Object.entries(around.process)) {
    if (value !== undefined && (name === "PATH" || (around.windows && name.toUpperCase() === "PATH"))) {
      return value;
    }
  }
  return "";
}

/**
 * Gives the directory of the go command that settings name, and whether it is go.goroot that
 * names it; undefined if a program named otherwise than go is to be asked where it lives.
 */
export function goDirectory(alternate: string, goroot: string, around: Surroundings): string | undefined {
  const rules = around.windows ? path.win32 : path.posix;
  if (alternate !== "") {
    const program = expand(alternate, around);
    if (!rules.isAbsolute(program)) {
      return ""; // a name, to be looked up in PATH as ever
    }
    return /^go(\.exe)?$/i.test(rules.basename(program)) ? rules.dirname(program) : undefined;
  }
  return goroot === "" ? "" : rules.join(expand(goroot, around), "bin");
}

/** Gives those members of an object of settings that are variables, with what they refer to put in. */
export function variables(raw: unknown, around: Surroundings): Record<string, string> {
  const all: Record<string, string> = {};
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    return all;
  }
  for (const [name, value] of Object.entries(raw as Record<string, unknown>)) {
    if (typeof value === "string") {
      all[name] = expand(value, around);
    } else if (typeof value === "number" || typeof value === "boolean") {
      all[name] = String(value);
    }
  }
  return all;
}

/** Puts in what a setting refers to, as the Go extension does. */
export function expand(text: string, around: Surroundings): string {
  return text
    .replaceAll(
      /\$\{(workspaceFolder|workspaceRoot|userHome|env[.:]([^}]+))\}/g,
      (whole, word: string, name?: string) => {
        if (name !== undefined) {
          return around.process[name] ?? "";
        }
        return (word === "userHome" ? around.home : around.folder) ?? whole;
      },
    )
    .replace(/^~(?=$|[\\/])/, () => around.home);
}
