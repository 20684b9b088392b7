/** Reads the go command in the argument of an action. A text of several lines would run when it is pasted. */
export function commandOf(order: unknown): string | undefined {
  const text = typeof order === "object" && order !== null && "text" in order ? order.text : undefined;
  return typeof text === "string" && /^go [^\p{Cc}]+$/u.test(text) ? text : undefined;
}
