// npm's version ranges, as https://github.com/npm/node-semver reads them strictly.
import { BUILD, compareVersions, parseVersion, PRERELEASE, versionOf, type Version } from "./versions.js";

const MOST_CHARACTERS = 128;
const PART = "(0|[1-9]\\d*|[xX*])";
const PARTIAL = `[v=\\s]*${PART}(?:\\.${PART}(?:\\.${PART}(?:-(${PRERELEASE}))?(?:\\+${BUILD})?)?)?`;
const COMPARATOR = new RegExp(`^(\\^|~>?|<=|>=|<|>|=|)${PARTIAL}$`);
const HYPHEN = new RegExp(`^(${PARTIAL})\\s+-\\s+(${PARTIAL})$`);
const BLANKS_AFTER = /(\^|~>?|<=|>=|<|>|=)\s+/g;

type Operator = "<" | "<=" | ">" | ">=" | "=";
type Bound = readonly [Operator, Version];
/** Alternatives, each a list of bounds that must all hold. */
export type Range = readonly (readonly Bound[])[];

class BadRange extends Error {}

/** The range, or undefined for another text. */
export function parseRange(text: string): Range | undefined {
  if (text.length > MOST_CHARACTERS) return undefined;
  try {
    return text.split("||").map((part) => alternative(part.trim()));
  } catch (error) {
    if (error instanceof BadRange) return undefined;
    throw error;
  }
}

/** Whether a version lies in a range; a pre-release only where a bound has one of the same numbers. */
export function admits(range: Range, version: string): boolean {
  const found = parseVersion(version);
  return found !== undefined && range.some((bounds) => holdsAll(bounds, found));
}

function holdsAll(bounds: readonly Bound[], version: Version): boolean {
  if (!bounds.every((bound) => holds(bound, version))) return false;
  const named = ([, { core, prerelease }]: Bound) => prerelease.length > 0 && core.join() === version.core.join();
  return version.prerelease.length === 0 || bounds.some(named);
}

function holds([operator, bound]: Bound, version: Version): boolean {
  const order = compareVersions(version, bound);
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    case "=":
      return order === 0;
  }
}

function alternative(part: string): Bound[] {
  const ends = HYPHEN.exec(part);
  if (ends) return [...from(partial(ends.slice(2, 6))), ...upTo(partial(ends.slice(7, 11)))];
  const words = part.replace(BLANKS_AFTER, "$1").split(/\s+/).filter(Boolean);
  return words.flatMap(comparator);
}

/** A version whose last parts may be missing (undefined, also for `x`). */
interface Partial {
  readonly parts: readonly number[];
  readonly prerelease: string;
}

function partial([major, minor, patch, prerelease]: readonly (string | undefined)[]): Partial {
  const parts: number[] = [];
  for (const part of [major, minor, patch]) {
    if (part === undefined || /^[xX*]$/.test(part)) break;
    parts.push(Number(part));
  }
  return { parts, prerelease: parts.length === 3 ? (prerelease ?? "") : "" };
}

function comparator(word: string): Bound[] {
  const found = COMPARATOR.exec(word);
  if (!found) throw new BadRange();
  const given = partial(found.slice(2));
  switch (found[1]) {
    case "^":
      return caret(given);
    case "~":
    case "~>":
      return [...from(given), ...below(given.parts, 1)];
    case ">":
      return given.parts.length === 3 ? [exactly(">", given)] : above(given.parts);
    case "<":
      return before(given);
    case ">=":
      return from(given);
    case "<=":
      return upTo(given);
    default:
      return given.parts.length === 3 ? [exactly("=", given)] : [...from(given), ...below(given.parts, 2)];
  }
}

function caret(given: Partial): Bound[] {
  const first = given.parts.findIndex((part) => part > 0);
  return [...from(given), ...below(given.parts, first < 0 ? given.parts.length - 1 : first)];
}

function from(given: Partial): Bound[] {
  return given.parts.length ? [exactly(">=", given)] : [];
}

function upTo(given: Partial): Bound[] {
  return given.parts.length === 3 ? [exactly("<=", given)] : below(given.parts, 2);
}

/** `>1.2` is from 1.3.0 on; nothing is above everything. */
function above(parts: readonly number[]): Bound[] {
  return parts.length ? [bound(">=", raised(parts, 2))] : [bound("<", [0, 0, 0], "0")];
}

/** `<1.2` ends before the pre-releases of 1.2.0. */
function before(given: Partial): Bound[] {
  return given.parts.length === 3 ? [exactly("<", given)] : [bound("<", filled(given.parts), "0")];
}

/** Below the next number at a position, counted from the major one; at the last that is given where there is none. */
function below(parts: readonly number[], position: number): Bound[] {
  return parts.length ? [bound("<", raised(parts, position), "0")] : [];
}

function raised(parts: readonly number[], position: number): number[] {
  const kept = parts.slice(0, position + 1);
  kept[kept.length - 1]! += 1;
  return filled(kept);
}

function filled(parts: readonly number[]): number[] {
  return [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0];
}

function exactly(operator: Operator, { parts, prerelease }: Partial): Bound {
  return bound(operator, filled(parts), prerelease);
}

function bound(operator: Operator, core: number[], prerelease = ""): Bound {
  const version = versionOf(core as [number, number, number], prerelease);
  if (!version) throw new BadRange();
  return [operator, version];
}
