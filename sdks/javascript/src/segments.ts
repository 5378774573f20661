// One segment of a path for any text that an author may write: a tag, an author, a category.
import { sha256 } from "./digest.js";
import { isDeviceName } from "./paths.js";

const LONGEST = 150;
const ENCODER = new TextEncoder();

/** Letters, digits and `@`, `-`, `_`, `.` as they are, a blank as `+`, every other byte as `~XX`; long ones shortened. */
export async function pathSegment(key: string): Promise<string> {
  if (!key.replaceAll(".", "")) return "~2E".repeat(key.length) || "~";
  let found = Array.from(ENCODER.encode(key), escaped).join("");
  if (isDeviceName(key)) found = `${hex(key.codePointAt(0)!)}${found.slice(1)}`;
  if (found.endsWith(".")) found = `${found.slice(0, -1)}~2E`;
  return found.length <= LONGEST ? found : `${found.slice(0, 100)}~~${(await sha256(key)).slice(0, 32)}`;
}

function escaped(byte: number): string {
  const sign = String.fromCharCode(byte);
  if (sign === " ") return "+";
  return /[A-Za-z0-9@_.-]/.test(sign) ? sign : hex(byte);
}

function hex(value: number): string {
  return `~${value.toString(16).toUpperCase().padStart(2, "0")}`;
}
