import * as path from "node:path";

/** Program is the server that is started, and why it is this one. */
export interface Program {
  readonly command: string;
  readonly origin: "setting" | "bundled" | "path";
}

/** Places are where the server may be. */
export interface Places {
  /** The setting modreach.path; empty if it is not set. */
  readonly setting: string;
  /** The folder that a relative path in the setting starts from; absent without a folder. */
  readonly folder?: string | undefined;
  readonly home: string;
  /** The program that came with the extension, be it there or not. */
  readonly bundled: string;
  /** The variable PATH. */
  readonly path: string;
  readonly windows: boolean;
}

/**
 * Chooses the server: what the setting names, else the bundled one, else the one in PATH.
 * A setting that names nothing is not passed over, for then another version than the one that
 * was asked for would run: undefined, as where there is none at all.
 */
export function chooseProgram(places: Places, isProgram: (file: string) => boolean): Program | undefined {
  if (places.setting !== "") {
    const command = expand(places);
    return isProgram(command) ? { command, origin: "setting" } : undefined;
  }
  if (isProgram(places.bundled)) {
    return { command: places.bundled, origin: "bundled" };
  }
  const command = findInPath("modreach", places.path, places.windows, isProgram);
  return command === undefined ? undefined : { command, origin: "path" };
}

/** Gives the first program of a name in PATH. Relative entries do not count: they depend on who looks. */
export function findInPath(
  name: string,
  searched: string,
  windows: boolean,
  isProgram: (file: string) => boolean,
): string | undefined {
  const rules = windows ? path.win32 : path.posix;
  return searched
    .split(rules.delimiter)
    .filter((dir) => rules.isAbsolute(dir))
    .map((dir) => rules.join(dir, windows ? `${name}.exe` : name))
    .find(isProgram);
}

/** Gives the absolute path that the setting means. */
function expand(places: Places): string {
  const rules = places.windows ? path.win32 : path.posix;
  const base = places.folder ?? places.home;
  const named = places.setting
    .replaceAll(/\$\{workspaceFolder\}/g, () => base)
    .replace(/^~(?=$|[\\/])/, () => places.home);
  return rules.resolve(base, named);
}
