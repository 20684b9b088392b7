/** Examination is how a run of the doctor has ended. */
export interface Examination {
  readonly stdout: string;
  readonly stderr: string;
}

/** Gives the arguments for a page about this machine. Who wants nobody asked gets what can be told without. */
export function doctorArguments(network: string): string[] {
  return ["doctor", "-format", "html", ...(network === "on" ? [] : ["-offline"])];
}

/**
 * Gives the page that the doctor wrote. The exit code does not tell: a machine with faults has one, too.
 * Throws with the last words of the program if it wrote none, as one does that is too old to know the command.
 */
export function pageOf({ stdout, stderr }: Examination): string {
  if (/^<!doctype html>/i.test(stdout)) {
    return stdout;
  }
  throw new Error(stderr.trim().split(/\r?\n/).at(-1) ?? "");
}
