/** What is looked at. The name decides: without the Go extension a go.mod may be taken for XML. */
export const selector: { scheme: string; pattern: string }[] = [
  { scheme: "file", pattern: "**/go.mod" },
  { scheme: "file", pattern: "**/go.work" },
];

/** Mod is a module at a version. */
export interface Mod {
  readonly module: string;
  readonly version: string;
}

/**
 * Gives the module that a line of a go.mod requires; undefined if it requires none. The server
 * knows better and is asked about the rest; this is for what a person points at.
 */
export function moduleOf(line: string): Mod | undefined {
  const words = line
    .replace(/\/\/.*/, "")
    .trim()
    .split(/\s+/);
  if (words[0] === "require") {
    words.shift();
  }
  const [module, version, ...rest] = words.map((word) => word.replaceAll(/^["`]|["`]$/g, ""));
  const required = module !== undefined && version !== undefined && rest.length === 0 && /^v\d/.test(version);
  return required && !["exclude", "retract", "replace"].includes(module) ? { module, version } : undefined;
}
