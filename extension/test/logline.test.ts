import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { parseLogLine } from "../src/logline.ts";

describe("parseLogLine", () => {
  const tests: [line: string, want: { level: string; text: string }][] = [
    [
      '{"level":"info","time":"2026-01-01T00:00:00Z","message":"initialize","run":"ABC","folders":1}',
      { level: "info", text: 'initialize run="ABC" folders=1' },
    ],
    ['{"level":"dpanic","message":"m"}', { level: "error", text: "m" }],
    ["panic: oh", { level: "error", text: "panic: oh" }],
    ["7", { level: "error", text: "7" }],
    ['{"level":"info"}', { level: "error", text: '{"level":"info"}' }],
  ];
  for (const [line, want] of tests) {
    it(line, () => {
      assert.deepEqual(parseLogLine(line), want);
    });
  }
});
