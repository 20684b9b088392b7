import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { moduleOf } from "../src/gomod.ts";
import { distinct, recovered } from "../src/recovery.ts";

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

describe("recovered", () => {
  const text = "require (\n\texample.com/a v1.0.0\n\texample.com/b v1.0.0\n)\n";
  const a = { module: "example.com/a", version: "v1.0.0" };
  const b = { module: "example.com/b", version: "v1.0.0" };
  const tests: { name: string; before: (typeof a)[]; after: (typeof a)[]; want: string[] }[] = [
    { name: "nothing was blocked", before: [], after: [], want: [] },
    { name: "one is back", before: [a, b], after: [b], want: ["example.com/a"] },
    { name: "two findings of one module", before: [a, a], after: [], want: ["example.com/a"] },
    { name: "its line has another version now", before: [{ ...a, version: "v0.9.0" }], after: [], want: [] },
    { name: "its line is gone", before: [{ ...a, module: "example.com/c" }], after: [], want: [] },
    { name: "another finding took the place", before: [a], after: [{ ...a }], want: [] },
    { name: "no module at all", before: [{ module: "", version: "" }], after: [], want: [] },
  ];
  for (const { name, before, after, want } of tests) {
    it(name, () => {
      assert.deepEqual(recovered(before, after, text), want);
    });
  }
});

describe("distinct", () => {
  it("keeps one of each", () => {
    const a = { module: "example.com/a", version: "v1.0.0" };
    const later = { ...a, version: "v1.1.0" };
    assert.deepEqual(distinct([a, later, { ...a }]), [a, later]);
  });
});
