// SemVer 2.0.0: form, order, the latest of a line.
const MOST_CHARACTERS = 64;
const NUMBER = "(?:0|[1-9]\\d*)";
/** A pre-release, without its hyphen. */
export const PRERELEASE = `(?:${NUMBER}|\\d*[A-Za-z-][0-9A-Za-z-]*)(?:\\.(?:${NUMBER}|\\d*[A-Za-z-][0-9A-Za-z-]*))*`;
/** Build metadata, without its plus. */
export const BUILD = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
const SEMVER = new RegExp(`^(${NUMBER})\\.(${NUMBER})\\.(${NUMBER})(?:-(${PRERELEASE}))?(?:\\+${BUILD})?$`);

/** A version's numbers and the parts of its pre-release; build metadata has no precedence. */
export interface Version {
  readonly core: readonly [number, number, number];
  readonly prerelease: readonly (number | string)[];
}

/** The version, or undefined where the text is not one or has a number above 2^53-1. */
export function parseVersion(text: string): Version | undefined {
  const found = text.length <= MOST_CHARACTERS && !text.includes("\n") ? SEMVER.exec(text) : null;
  if (!found) return undefined;
  return versionOf([Number(found[1]), Number(found[2]), Number(found[3])], found[4]);
}

/** A version of its parts, or undefined where a number is above 2^53-1. */
export function versionOf(core: [number, number, number], prerelease = ""): Version | undefined {
  const parts = prerelease ? prerelease.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part)) : [];
  const isSafe = [...core, ...parts].every((part) => typeof part === "string" || Number.isSafeInteger(part));
  return isSafe ? { core, prerelease: parts } : undefined;
}

/** Below zero, zero or above: by precedence. */
export function compareVersions(a: Version, b: Version): number {
  for (const [n, part] of a.core.entries()) if (part !== b.core[n]) return part - b.core[n]!;
  if (!a.prerelease.length || !b.prerelease.length) return b.prerelease.length - a.prerelease.length;
  for (const [n, part] of a.prerelease.entries()) {
    const other = b.prerelease[n];
    if (other === undefined) return 1;
    if (part !== other) return comparePart(part, other);
  }
  return a.prerelease.length - b.prerelease.length;
}

function comparePart(a: number | string, b: number | string): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return a < b ? -1 : 1;
}

/** The highest release that is not yanked; a pre-release or a yanked one only where nothing else is left. */
export function latest(versions: Iterable<string>, yanked: ReadonlySet<string> = new Set()): string | undefined {
  return [...versions].sort((a, b) => Number(yanked.has(a)) - Number(yanked.has(b)) || newestFirst(a, b))[0];
}

function newestFirst(a: string, b: string): number {
  const [one, other] = [parseVersion(a)!, parseVersion(b)!];
  const prereleases = Number(one.prerelease.length > 0) - Number(other.prerelease.length > 0);
  return prereleases || compareVersions(other, one);
}
