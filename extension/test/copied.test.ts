import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { commandOf } from "../src/copied.ts";

describe("commandOf", () => {
  const plain = "go mod download -x example.com/a@v1.0.0";
  const tests: [name: string, order: unknown, want: string | undefined][] = [
    ["a command", { text: plain }, plain],
    ["a command with more beside it", { uri: "file:///go.mod", text: plain }, plain],
    ["no order", undefined, undefined],
    ["nothing", null, undefined],
    ["no text", {}, undefined],
    ["no string", { text: 1 }, undefined],
    ["two lines", { text: `${plain}\nid` }, undefined],
    ["an end of line", { text: `${plain}\n` }, undefined],
    ["an escape", { text: `${plain}\u001b[2J` }, undefined],
    ["another program", { text: "id" }, undefined],
  ];
  for (const [name, order, want] of tests) {
    it(name, () => {
      assert.equal(commandOf(order), want);
    });
  }
});
