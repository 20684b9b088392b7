// Writes the codes that docs/codes has into the setting modreach.severity, so that the editor can complete them.
import fs from "node:fs";

const manifest = JSON.parse(fs.readFileSync("package.json", "utf8"));
const levels = { enum: ["error", "warning", "info", "hint", "off"] };
const codes = fs
  .readdirSync("docs/codes")
  .filter((name) => name.endsWith(".md"))
  .map((name) => name.slice(0, -".md".length))
  .sort();
manifest.contributes.configuration.properties["modreach.severity"].properties = Object.fromEntries(
  codes.map((code) => [code, levels]),
);
fs.writeFileSync("package.json", `${JSON.stringify(manifest, null, 2)}\n`);
