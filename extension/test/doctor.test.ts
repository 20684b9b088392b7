import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { doctorArguments, pageOf } from "../src/doctor.ts";

describe("doctorArguments", () => {
  it("asks hosts only where they may be asked", () => {
    assert.deepEqual(doctorArguments("on"), ["doctor", "-format", "html"]);
    assert.deepEqual(doctorArguments("cached"), ["doctor", "-format", "html", "-offline"]);
    assert.deepEqual(doctorArguments("off"), ["doctor", "-format", "html", "-offline"]);
  });
});

describe("pageOf", () => {
  it("takes the page, whatever else was said", () => {
    assert.equal(pageOf({ stdout: "<!DOCTYPE html><p>", stderr: "a warning" }), "<!DOCTYPE html><p>");
  });
  it("tells the last words where there is no page", () => {
    const old = { stdout: "", stderr: 'modreach: unknown command "doctor"\nsee modreach -help\n' };
    assert.throws(() => pageOf(old), { message: "see modreach -help" });
    assert.throws(() => pageOf({ stdout: "{}", stderr: "" }), { message: "" });
  });
});
