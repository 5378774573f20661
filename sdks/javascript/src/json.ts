// JSON as types, and what may be given where JSON is wanted.
import { InvalidRequestError } from "./errors.js";

/** A JSON value. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
/** A JSON object. */
export interface JsonObject {
  [key: string]: JsonValue;
}

const DEEPEST = 64;
const HELP = "give null, a boolean, a number, a string, a list or an object of these";

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The string, or nothing for another value. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The number, or zero for another value. */
export function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** The value as plain JSON, copied; `InvalidRequestError` names the place of what JSON can't hold. */
export function plain(value: unknown, place: string, depth = 0): JsonValue {
  if (depth > DEEPEST) throw refused(place, `values are nested deeper than ${DEEPEST}`);
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return plainNumber(value, place);
  if (Array.isArray(value)) return Array.from(value, (item, n) => plain(item, `${place}[${n}]`, depth + 1));
  if (isPlainObject(value)) return plainMembers(value, place, depth);
  throw refused(place, `${named(value)} is not JSON`);
}

/** An object as plain JSON; members that are undefined are left out. */
export function plainObject(value: unknown, place: string): JsonObject {
  if (!isPlainObject(value)) throw refused(place, `${named(value)} is not an object of names and values`);
  return plainMembers(value, place, 0);
}

function plainMembers(value: object, place: string, depth: number): JsonObject {
  const given = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(given.map(([key, item]) => [key, plain(item, `${place}.${key}`, depth + 1)]));
}

function isPlainObject(value: unknown): value is object {
  if (!isObject(value)) return false;
  const parent: unknown = Object.getPrototypeOf(value);
  return parent === null || Object.getPrototypeOf(parent) === null;
}

function plainNumber(value: number, place: string): number {
  if (!Number.isFinite(value)) throw refused(place, `${value} is not a JSON number`);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw refused(place, "the integer is beyond 2^53, which JSON does not carry exactly");
  }
  return value;
}

/** Canonical JSON (RFC 8785): members sorted by UTF-16 code units, no blanks. */
export function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(value[key]!)}`).join(",")}}`;
}

function named(value: unknown): string {
  return typeof value === "object" ? (value?.constructor?.name ?? "null") : typeof value;
}

function refused(location: string, reason: string): InvalidRequestError {
  return new InvalidRequestError(reason, { location, help: HELP });
}
