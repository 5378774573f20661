// Which version a reference means.
import { NotFoundError } from "./errors.js";
import type { VersionInfo } from "./models.js";
import { admits, parseRange } from "./ranges.js";
import type { Reference } from "./reference.js";
import { latest } from "./versions.js";

/** The version that a reference means; a yanked one only by its number or where there is nothing else. */
export function choose(reference: Reference, versions: readonly VersionInfo[], location: string): VersionInfo {
  const fitting = versions.filter(fits(reference));
  const yanked = new Set(fitting.filter((one) => one.yanked).map((one) => one.version));
  const best = latest(fitting.map((one) => one.version), yanked);
  const found = fitting.find((one) => one.version === best);
  if (found) return found;
  const have = versions.map((one) => one.version + (one.yanked ? " (yanked)" : "")).join(", ");
  const reason = `no version of ${reference.name} is ${reference.version || reference.range}`;
  throw new NotFoundError(reason, { location, help: `there are ${have}` });
}

function fits({ version, range }: Reference): (one: VersionInfo) => boolean {
  if (version) return (one) => one.version === version;
  const parsed = range ? parseRange(range) : undefined;
  return parsed ? (one) => !one.yanked && admits(parsed, one.version) : () => true;
}
