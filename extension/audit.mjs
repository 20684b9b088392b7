// Asks the registry whether a dependency that goes into the extension has a known hole, and fails if one has.
// Not every registry answers that: a mirror inside a company may not. Then nothing is known, which is no failure.
import { spawnSync } from "node:child_process";

const windows = process.platform === "win32";
const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json"], { encoding: "utf8", shell: windows });
const told = JSON.parse(stdout || "{}");
const found = told.metadata?.vulnerabilities;
if (found === undefined) {
  console.log(`npm audit: the registry does not answer (${told.statusCode ?? told.error?.code ?? "no status"})`);
} else if (found.total > 0) {
  const worst = Object.values(told.vulnerabilities).map(({ name, severity }) => `${name}: ${severity}`);
  console.error(`npm audit: ${worst.join(", ")}`);
  process.exitCode = 1;
} else {
  console.log(`npm audit: nothing known of ${told.metadata.dependencies.prod} packages`);
}
