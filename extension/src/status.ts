import type { FileStatus } from "./filestatus.ts";

/** Translate gives a text in the language of the user, with {0}, {1} ... replaced. */
export type Translate = (message: string, ...values: (string | number)[]) => string;

/** State is what is known about the file that is looked at. */
export interface State {
  readonly trusted: boolean;
  /** The setting modreach.enable. */
  readonly enabled: boolean;
  readonly server: "starting" | "running" | "failed";
  /** What the server has told of the file; undefined before it has. */
  readonly file: FileStatus | undefined;
  readonly findings: readonly Finding[];
}

/** Finding is one of the file's, as far as the status goes. */
export interface Finding {
  readonly line: number;
  readonly code: string;
  readonly severity: "error" | "warning" | "info" | "hint";
}

/** Status is what the status item shows. */
export interface Status {
  readonly text: string;
  readonly detail: string;
  readonly severity: "error" | "warning" | "info";
  readonly busy: boolean;
}

/** Codes that are about the machine and not about a line. */
const weather = new Set(["offline", "captive-portal"]);

/** Codes of lines about which a public host was not asked, so that nobody knows whether they can be fetched. */
const leaks = new Set(["route-leak", "sumdb-leak"]);

/** Says in a few words how it stands. */
export function statusOf(state: State, translate: Translate): Status {
  if (state.server === "failed") {
    return quiet(translate("not running"), translate("The server could not be started"), "error");
  }
  if (!state.trusted) {
    return quiet(
      translate("restricted"),
      translate("Nothing is asked of any host before the workspace is trusted"),
      "warning",
    );
  }
  if (!state.enabled) {
    return quiet(translate("off"), translate("The setting modreach.enable is off"), "info");
  }
  const { file, findings } = state;
  if (state.server === "starting" || file === undefined || file.checking > 0) {
    return {
      text: translate("checking"),
      detail: translate("Asking where the modules are"),
      severity: "info",
      busy: true,
    };
  }
  if (findings.some((f) => weather.has(f.code))) {
    return quiet(
      translate("offline"),
      translate("No host answers; what is in the module cache still builds"),
      "warning",
    );
  }
  const lines = new Set(findings.filter((f) => f.severity === "error").map((f) => f.line)).size;
  if (lines > 0) {
    return unreachable(lines, "error", translate);
  }
  if (findings.some((f) => leaks.has(f.code))) {
    return quiet(
      translate("private?"),
      translate("What looks private would go to a public host, and was not asked for there"),
      "warning",
    );
  }
  if (file.unreachable > 0) {
    return unreachable(file.unreachable, "info", translate); // the user wants no error of it
  }
  if (file.unknown > 0) {
    return quiet(
      translate("{0} unknown", file.unknown),
      translate("Nobody was asked, or nobody could tell; the hover of a line says why"),
      "info",
    );
  }
  if (file.reachable + file.cached + file.skipped === 0) {
    return quiet(translate("nothing to fetch"), translate("This file requires no module"), "info");
  }
  return quiet(translate("all reachable"), translate("Every module can be fetched or is here"), "info");
}

function unreachable(count: number, severity: Status["severity"], translate: Translate): Status {
  return count === 1
    ? quiet(translate("1 unreachable"), translate("One line cannot be fetched"), severity)
    : quiet(translate("{0} unreachable", count), translate("{0} lines cannot be fetched", count), severity);
}

function quiet(text: string, detail: string, severity: Status["severity"]): Status {
  return { text, detail, severity, busy: false };
}
