import assert from "node:assert/strict";
import { describe, it } from "node:test";

import type { FileStatus } from "../src/filestatus.ts";
import { type Finding, type State, type Status, statusOf } from "../src/status.ts";
import { english } from "./translate.ts";

const file: FileStatus = {
  uri: "file:///m/go.mod",
  ...{ checking: 0, reachable: 2, cached: 1, unreachable: 0, unknown: 0, skipped: 1 },
  recovered: [],
};
const calm: State = { trusted: true, enabled: true, server: "running", file, findings: [] };

function finding(line: number, severity: Finding["severity"] = "error", code = "dns-not-found"): Finding {
  return { line, severity, code };
}

describe("statusOf", () => {
  const tests: { name: string; state: Partial<State>; want: Pick<Status, "text" | "severity" | "busy"> }[] = [
    { name: "all is well", state: {}, want: { text: "all reachable", severity: "info", busy: false } },
    { name: "starting", state: { server: "starting" }, want: { text: "checking", severity: "info", busy: true } },
    {
      name: "checking, with findings of before",
      state: { file: { ...file, checking: 1 }, findings: [finding(1)] },
      want: { text: "checking", severity: "info", busy: true },
    },
    {
      name: "the server has not told yet",
      state: { file: undefined },
      want: { text: "checking", severity: "info", busy: true },
    },
    {
      name: "switched off",
      state: { enabled: false, file: undefined },
      want: { text: "off", severity: "info", busy: false },
    },
    {
      name: "unknown",
      state: { file: { ...file, unknown: 3 } },
      want: { text: "3 unknown", severity: "info", busy: false },
    },
    {
      name: "unreachable, and ignored",
      state: { file: { ...file, unreachable: 2, unknown: 3 } },
      want: { text: "2 unreachable", severity: "info", busy: false },
    },
    {
      name: "unreachable, and told elsewhere, too",
      state: { file: { ...file, unreachable: 1 }, findings: [finding(1), finding(7)] },
      want: { text: "2 unreachable", severity: "error", busy: false },
    },
    {
      name: "nothing that is required",
      state: { file: { ...file, reachable: 0, cached: 0, skipped: 0 } },
      want: { text: "nothing to fetch", severity: "info", busy: false },
    },
    {
      name: "one line",
      state: { findings: [finding(7), finding(7, "error", "sumdb-leak"), finding(8, "warning")] },
      want: { text: "1 unreachable", severity: "error", busy: false },
    },
    {
      name: "two lines",
      state: { findings: [finding(7), finding(9)] },
      want: { text: "2 unreachable", severity: "error", busy: false },
    },
    {
      name: "only warnings",
      state: { findings: [finding(7, "warning"), finding(8, "info"), finding(9, "hint")] },
      want: { text: "all reachable", severity: "info", busy: false },
    },
    {
      name: "a leak",
      state: { findings: [finding(7, "warning", "route-leak")] },
      want: { text: "private?", severity: "warning", busy: false },
    },
    {
      name: "a leak, and a line that is unreachable",
      state: { findings: [finding(7, "warning", "route-leak"), finding(8)] },
      want: { text: "1 unreachable", severity: "error", busy: false },
    },
    {
      name: "offline",
      state: { findings: [finding(1, "error", "offline"), finding(7)] },
      want: { text: "offline", severity: "warning", busy: false },
    },
    {
      name: "restricted",
      state: { trusted: false, file: undefined },
      want: { text: "restricted", severity: "warning", busy: false },
    },
    {
      name: "failed in restricted mode",
      state: { trusted: false, server: "failed" },
      want: { text: "not running", severity: "error", busy: false },
    },
  ];
  for (const { name, state, want } of tests) {
    it(name, () => {
      const { text, severity, busy } = statusOf({ ...calm, ...state }, english);
      assert.deepEqual({ text, severity, busy }, want);
    });
  }
});
