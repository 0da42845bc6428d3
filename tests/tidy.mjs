// Templates in the one format: node tests/tidy.mjs [--write] [FOLDER]; without --write it names those that are in another.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createFromBuffer } from "@dprint/formatter";

const asked = process.argv.slice(2);
const folder = asked.find(word => !word.startsWith("--")) ?? "templates";
const formatter = createFromBuffer(readFileSync(createRequire(import.meta.url).resolve("dprint-plugin-markup/plugin.wasm")));
formatter.setConfig(
  { lineWidth: 120, indentWidth: 2 },
  { doctypeKeywordCase: "lower", preferAttrsSingleLine: true },
);

const names = readdirSync(folder, { recursive: true }).filter(name => name.endsWith(".html"));
const other = names.filter(name => {
  const text = readFileSync(`${folder}/${name}`, "utf8");
  const tidy = formatter.formatText({ filePath: `${name}.jinja`, fileText: text });
  if (tidy !== text && asked.includes("--write")) writeFileSync(`${folder}/${name}`, tidy);
  return tidy !== text;
});
console.log(`Checked ${names.length} templates. ${other.length} ${asked.includes("--write") ? "fixed" : "to format"}.`);
if (!asked.includes("--write")) {
  for (const name of other) console.error(`${folder}/${name}`);
  process.exitCode = other.length ? 1 : 0;
}
