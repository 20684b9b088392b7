import type { Translate } from "../src/status.ts";

/** Puts values in and leaves the words as they are. */
export const english: Translate = (message, ...values) =>
  message.replaceAll(/\{(\d+)\}/g, (whole, n: string) => String(values[Number(n)] ?? whole));
