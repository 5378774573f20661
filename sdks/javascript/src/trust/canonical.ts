// The bytes that are signed of a JSON value, as securesystemslib makes them (http://wiki.laptop.org/go/Canonical_JSON).
import { compareBytes } from "../digest.js";
import { isObject, type JsonValue } from "../json.js";

/** Members sorted by code points, no blanks, whole numbers alone, and nothing escaped but quotes and backslashes. */
export function canonical(value: JsonValue): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (isObject(value)) return `{${sorted(Object.keys(value)).map((key) => `${quoted(key)}:${canonical(value[key]!)}`).join(",")}}`;
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number`);
  return String(value);
}

function quoted(given: string): string {
  return `"${given.replace(/[\\"]/g, "\\$&")}"`;
}

/** By code points, which is how their bytes in UTF-8 sort; UTF-16 differs from that where there are surrogates. */
function sorted(keys: string[]): string[] {
  const bytes = (key: string) => new TextEncoder().encode(key);
  if (!keys.some((key) => /[\ud800-\udfff]/.test(key))) return keys.sort();
  return keys.sort((a, b) => compareBytes(bytes(a), bytes(b)));
}
