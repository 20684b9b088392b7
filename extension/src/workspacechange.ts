/** WorkspaceChange is what an action of the server has the editor change about the variables of the go command. */
export interface WorkspaceChange {
  /** The variables as they would be, were they set nowhere else. */
  readonly values: Readonly<Record<string, string>>;
  /** Those of the variables that are lists and get the pattern; the others are replaced. */
  readonly lists: readonly string[];
  readonly pattern: string;
}

/** Reads the argument of the command. What is no variable of the go command is left out. */
export function workspaceChange(order: unknown): WorkspaceChange {
  const given = typeof order === "object" && order !== null ? (order as Record<string, unknown>) : {};
  const env = typeof given["env"] === "object" && given["env"] !== null ? given["env"] : {};
  const lists: unknown[] = Array.isArray(given["settings"]) ? given["settings"] : [];
  return {
    values: Object.fromEntries(
      Object.entries(env).filter(
        (pair): pair is [string, string] => /^GO[A-Z]+$/.test(pair[0]) && typeof pair[1] === "string",
      ),
    ),
    lists: lists.filter((name) => typeof name === "string"),
    pattern: typeof given["pattern"] === "string" ? given["pattern"] : "",
  };
}

/**
 * Gives the variables of one setting with the change made. A list keeps what it has: another setting, or the user's
 * own, may have another one, which the values were worked out from.
 */
export function withChange(old: Readonly<Record<string, unknown>>, change: WorkspaceChange): Record<string, unknown> {
  const { values, lists, pattern } = change;
  const changed: Record<string, unknown> = { ...old };
  for (const [name, value] of Object.entries(values)) {
    const list = old[name];
    changed[name] =
      pattern !== "" && lists.includes(name) && typeof list === "string" && list.trim() !== ""
        ? withPattern(list, pattern)
        : value;
  }
  return changed;
}

function withPattern(list: string, pattern: string): string {
  const patterns = list.split(",").map((one) => one.trim());
  return patterns.includes(pattern) ? list : `${list},${pattern}`;
}
