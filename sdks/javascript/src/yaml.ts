// A manifest as YAML that people read and the strict loader reads back exactly: strings quoted, texts of several lines
// as block scalars, no aliases, no tags, no scalar that YAML versions read differently.
import { isObject, type JsonObject, type JsonValue } from "./json.js";

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const WORDS_OF_YAML = new Set(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"]);
// Printable characters that a block scalar keeps as they are: no tab, no line break but \n, nothing that is hidden.
const BLOCK_TEXT = /^[\n -~\u00a0-\u200a\u2010-\u2027\u2030-\u205f\u2070-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10fffe}]*$/u;
const HIDDEN = /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]/g;

/** The YAML text of a JSON object. */
export function yamlText(value: JsonObject): string {
  return `${mapping(value, "").join("\n")}\n`;
}

function mapping(value: JsonObject, indent: string): string[] {
  return Object.entries(value).flatMap(([key, item]) => entry(`${indent}${keyText(key)}:`, item, indent));
}

function sequence(items: readonly JsonValue[], indent: string): string[] {
  return items.flatMap((item) => {
    if (!isObject(item) || !Object.keys(item).length) return entry(`${indent}-`, item, indent);
    const [first, ...rest] = mapping(item, `${indent}  `);
    return [`${indent}- ${first!.slice(indent.length + 2)}`, ...rest];
  });
}

/** The lines of a value that stands behind a key or a dash. */
function entry(head: string, item: JsonValue, indent: string): string[] {
  const deeper = `${indent}  `;
  if (Array.isArray(item) && item.length) return [head, ...sequence(item, deeper)];
  if (isObject(item) && Object.keys(item).length) return [head, ...mapping(item, deeper)];
  if (typeof item === "string" && isBlock(item)) return [`${head} ${blockHead(item)}`, ...blockLines(item, deeper)];
  return [`${head} ${scalar(item)}`];
}

function scalar(item: JsonValue): string {
  if (typeof item === "string") return quoted(item);
  if (typeof item === "number") return numeral(item);
  return Array.isArray(item) ? "[]" : isObject(item) ? "{}" : String(item);
}

/** `1e-7` is a text for YAML 1.1, `1.0e-7` a number for all. */
function numeral(value: number): string {
  const found = Object.is(value, -0) ? "-0.0" : String(value);
  return found.replace(/^(-?\d+)e/, "$1.0e");
}

function quoted(given: string): string {
  const code = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(given).replace(HIDDEN, code);
}

function keyText(key: string): string {
  return PLAIN_KEY.test(key) && !WORDS_OF_YAML.has(key.toLowerCase()) ? key : quoted(key);
}

function isBlock(given: string): boolean {
  return given.includes("\n") && given.trim() !== "" && BLOCK_TEXT.test(given);
}

/** `|`, with how deep it stands where its first line begins with a blank, and what becomes of its last line breaks. */
function blockHead(given: string): string {
  const depth = /^[ \n]/.test(given) ? "2" : "";
  if (!given.endsWith("\n")) return `|${depth}-`;
  return given.endsWith("\n\n") ? `|${depth}+` : `|${depth}`;
}

function blockLines(given: string, indent: string): string[] {
  const lines = (given.endsWith("\n") ? given.slice(0, -1) : given).split("\n");
  return lines.map((line) => (line ? indent + line : ""));
}
