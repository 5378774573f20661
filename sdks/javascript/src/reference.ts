// References: `name`, `name:version`, `name@range`.
import { InvalidRequestError } from "./errors.js";
import { isDeviceName } from "./paths.js";
import { parseRange } from "./ranges.js";
import { parseVersion } from "./versions.js";

/** A name with a version or a range (at most one of them); empty where there is none. */
export interface Reference {
  readonly name: string;
  readonly version: string;
  readonly range: string;
}

const MOST_CHARACTERS = 64;

/** Why a text can't name a workflow; empty where it can. */
export function badName(name: string): string {
  if (name.length > MOST_CHARACTERS) return `has ${name.length} characters, more than ${MOST_CHARACTERS}`;
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    return "must be lower-case letters and digits in words joined by single hyphens";
  }
  return isDeviceName(name) ? "is a device name on Windows" : "";
}

/** Why a text is not a version; empty where it is. */
export function badVersion(version: string): string {
  return parseVersion(version) ? "" : "is not a SemVer 2.0.0 version with numbers up to 2^53-1";
}

/** The reference that a text spells; `InvalidRequestError` says what is wrong with it. */
export function parseReference(given: string): Reference {
  if (typeof given !== "string") throw new InvalidRequestError("a reference is a text", { help: HELP });
  const sign = given.includes(":") ? ":" : "@";
  const at = given.indexOf(sign);
  const [name, rest] = at < 0 ? [given, ""] : [given.slice(0, at), given.slice(at + 1)];
  const reason = badName(name) || (at < 0 ? "" : badRest(sign, rest));
  if (reason) throw new InvalidRequestError(`${quoted(given)} is not a reference: ${reason}`, { help: HELP });
  return { name, version: sign === ":" ? rest : "", range: sign === "@" ? rest : "" };
}

/** A name, and beside it a version or a range. */
export function referenceOf(name: string, version?: string): Reference {
  if (version === undefined) return parseReference(name);
  const reason = badName(name);
  if (reason) throw new InvalidRequestError(`the name ${quoted(name)} ${reason}`, { help: "give a workflow's name" });
  return parseReference(`${name}${parseVersion(version) ? ":" : "@"}${version}`);
}

const HELP = "write name, name:1.2.0 or name@^1.2";

function badRest(sign: string, rest: string): string {
  if (sign === "@") return parseRange(rest) ? "" : `${quoted(rest)} is not a version range`;
  const reason = badVersion(rest);
  return reason && `${quoted(rest)} ${reason}`;
}

function quoted(given: string): string {
  return JSON.stringify(given.slice(0, 200));
}
