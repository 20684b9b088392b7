import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { moduleOf } from "../src/gomod.ts";

describe("moduleOf", () => {
  const a = { module: "example.com/a", version: "v1.2.3" };
  const tests: [line: string, want: typeof a | undefined][] = [
    ["\texample.com/a v1.2.3", a],
    ["require example.com/a v1.2.3 // indirect", a],
    ["\texample.com/a v1.2.3 // modreach:ignore x", a],
    ['\t"example.com/a" v1.2.3\r', a],
    ["replace example.com/a v1.2.3 => ../a", undefined],
    ["exclude example.com/a v1.2.3", undefined],
    ["retract v1.2.3", undefined],
    ["module example.com/a", undefined],
    ["go 1.26.0", undefined],
    ["// example.com/a v1.2.3", undefined],
    ["", undefined],
  ];
  for (const [line, want] of tests) {
    it(JSON.stringify(line), () => {
      assert.deepEqual(moduleOf(line), want);
    });
  }
});
