import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { fileStatusOf } from "../src/filestatus.ts";

describe("fileStatusOf", () => {
  const none = { checking: 0, reachable: 0, cached: 0, unreachable: 0, unknown: 0, skipped: 0, recovered: [] };
  const tests: { name: string; raw: unknown; want: ReturnType<typeof fileStatusOf> }[] = [
    {
      name: "all that there is",
      raw: {
        uri: "file:///m/go.mod",
        ...{ checking: 1, reachable: 2, cached: 3, unreachable: 4, unknown: 5, skipped: 6 },
        recovered: ["example.com/a"],
      },
      want: {
        uri: "file:///m/go.mod",
        ...{ checking: 1, reachable: 2, cached: 3, unreachable: 4, unknown: 5, skipped: 6 },
        recovered: ["example.com/a"],
      },
    },
    { name: "a file alone", raw: { uri: "file:///m/go.mod" }, want: { uri: "file:///m/go.mod", ...none } },
    {
      name: "odd fields",
      raw: { uri: "file:///m/go.mod", checking: "many", recovered: [7, null] },
      want: { uri: "file:///m/go.mod", ...none },
    },
    { name: "no file", raw: { checking: 1 }, want: undefined },
    { name: "nothing", raw: null, want: undefined },
    { name: "a word", raw: "go.mod", want: undefined },
  ];
  for (const { name, raw, want } of tests) {
    it(name, () => {
      assert.deepEqual(fileStatusOf(raw), want);
    });
  }
});
