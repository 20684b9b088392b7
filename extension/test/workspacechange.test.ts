import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { type WorkspaceChange, withChange, workspaceChange } from "../src/workspacechange.ts";

describe("workspaceChange", () => {
  const none = { values: {}, lists: [], pattern: "" };
  const tests: { name: string; order: unknown; want: WorkspaceChange }[] = [
    {
      name: "a pattern",
      order: { uri: "u", env: { GOPRIVATE: "a,b" }, settings: ["GOPRIVATE"], pattern: "b" },
      want: { values: { GOPRIVATE: "a,b" }, lists: ["GOPRIVATE"], pattern: "b" },
    },
    { name: "a value", order: { env: { GOPROXY: "direct" } }, want: { ...none, values: { GOPROXY: "direct" } } },
    {
      name: "what the go command does not read",
      order: { env: { PATH: "/x", GOPROXY: 7, GO_X: "x", LD_PRELOAD: "x" }, settings: [7], pattern: {} },
      want: none,
    },
    { name: "nothing", order: undefined, want: none },
    { name: "a word", order: "GOPRIVATE", want: none },
    { name: "null", order: { env: null, settings: null }, want: none },
  ];
  for (const { name, order, want } of tests) {
    it(name, () => {
      assert.deepEqual(workspaceChange(order), want);
    });
  }
});

describe("withChange", () => {
  const add = { values: { GOPRIVATE: "mine.example,new.example" }, lists: ["GOPRIVATE"], pattern: "new.example" };
  const tests: {
    name: string;
    old: Record<string, unknown>;
    change: WorkspaceChange;
    want: Record<string, unknown>;
  }[] = [
    { name: "set nowhere", old: {}, change: add, want: { GOPRIVATE: "mine.example,new.example" } },
    { name: "an empty list", old: { GOPRIVATE: " " }, change: add, want: { GOPRIVATE: "mine.example,new.example" } },
    {
      name: "a list of the team",
      old: { GOPRIVATE: "team.example", GOFLAGS: "-mod=mod" },
      change: add,
      want: { GOPRIVATE: "team.example,new.example", GOFLAGS: "-mod=mod" },
    },
    {
      name: "a list that has it",
      old: { GOPRIVATE: "new.example, team.example" },
      change: add,
      want: { GOPRIVATE: "new.example, team.example" },
    },
    {
      name: "what is no list",
      old: { GOPROXY: "https://old.example" },
      change: { values: { GOPROXY: "direct" }, lists: [], pattern: "" },
      want: { GOPROXY: "direct" },
    },
    { name: "another type", old: { GOPRIVATE: null }, change: add, want: { GOPRIVATE: "mine.example,new.example" } },
  ];
  for (const { name, old, change, want } of tests) {
    it(name, () => {
      assert.deepEqual(withChange(old, change), want);
    });
  }
});
