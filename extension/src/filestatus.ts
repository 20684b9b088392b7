/** FileStatus is how it stands with the require lines of a go.mod, each counted once, as the server tells it. */
export interface FileStatus {
  readonly uri: string;
  /** Those whose verdict is still to come. */
  readonly checking: number;
  readonly reachable: number;
  readonly cached: number;
  readonly unreachable: number;
  readonly unknown: number;
  readonly skipped: number;
  /** Modules that can be fetched now, and could not before. */
  readonly recovered: readonly string[];
}

/** Reads what the server has sent; undefined if it says of no file how it stands. */
export function fileStatusOf(raw: unknown): FileStatus | undefined {
  if (typeof raw !== "object" || raw === null || !("uri" in raw) || typeof raw.uri !== "string") {
    return undefined;
  }
  const fields = raw as Record<string, unknown>;
  const count = (name: string): number => {
    const n = fields[name];
    return typeof n === "number" ? n : 0;
  };
  const recovered: unknown[] = Array.isArray(fields["recovered"]) ? fields["recovered"] : [];
  return {
    uri: raw.uri,
    checking: count("checking"),
    reachable: count("reachable"),
    cached: count("cached"),
    unreachable: count("unreachable"),
    unknown: count("unknown"),
    skipped: count("skipped"),
    recovered: recovered.filter((module) => typeof module === "string"),
  };
}
