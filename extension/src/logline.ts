/** LogLine is one event of the server's log. */
export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly text: string;
}

/** Reads a line of the server's log, which is an object of JSON; what is none is told as it is. */
export function parseLogLine(line: string): LogLine {
  try {
    const read: unknown = JSON.parse(line);
    if (typeof read === "object" && read !== null && "message" in read && typeof read.message === "string") {
      const fields = Object.entries(read)
        .filter(([name]) => name !== "message" && name !== "level" && name !== "time") // the log has a time of its own
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
      return { level: levelOf("level" in read ? read.level : ""), text: [read.message, ...fields].join(" ") };
    }
  } catch {
    // Not ours: the last words of a program that crashes, for example.
  }
  return { level: "error", text: line };
}

function levelOf(word: unknown): LogLine["level"] {
  switch (word) {
    case "debug":
    case "info":
    case "warn":
      return word;
    default:
      return "error";
  }
}
