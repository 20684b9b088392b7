import { moduleOf } from "./gomod.ts";

/** Blocked is a module that could not be fetched, as a finding told it. */
export interface Blocked {
  readonly module: string;
  readonly version: string;
}

/** Gives those that were blocked before, are no longer, and are still required by the text of the go.mod. */
export function recovered(before: readonly Blocked[], after: readonly Blocked[], text: string): string[] {
  const still = new Set(after.map(({ module }) => module));
  const lines = text.split(/\r?\n/).map(moduleOf);
  const back = before.filter(
    ({ module, version }) =>
      module !== "" && !still.has(module) && lines.some((mod) => mod?.module === module && mod.version === version),
  );
  return [...new Set(back.map(({ module }) => module))].sort();
}

/** Gives each module at a version once. */
export function distinct(all: readonly Blocked[]): Blocked[] {
  return [...new Map(all.map((one) => [`${one.module}@${one.version}`, one])).values()];
}
