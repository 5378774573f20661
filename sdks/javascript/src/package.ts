// A version's package, fetched and verified.
import { digest, type Files } from "./digest.js";
import { IntegrityError } from "./errors.js";
import { isObject, type JsonObject } from "./json.js";
import type { VersionInfo } from "./models.js";
import { parsedJson, type Transport } from "./transport.js";
import { MAX_PACKAGE, readPackage } from "./zip.js";

const COMPILED = "workflow.json";
const FETCH_AGAIN = "fetch it again; if that doesn't help, tell the registry's maintainers";

/** What a `.wfpkg` holds: its bytes, its files by path, and the compiled workflow (`workflow.json`). */
export interface Package {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly files: Files;
  readonly manifest: JsonObject;
}

/**
 * Open a package and check it: its form, its digest where one is given, its compiled workflow.
 *
 * `IntegrityError` says what is wrong with it.
 */
export async function verifyPackage(given: Uint8Array, expected = "", location = "the package"): Promise<Package> {
  const bytes = new Uint8Array(given);
  const files = readPackage(bytes, location);
  const found = await digest(files);
  if (expected && found !== expected) {
    throw new IntegrityError(`its digest is ${found}, not ${expected}`, { location, help: FETCH_AGAIN });
  }
  const compiled = files.get(COMPILED);
  if (!compiled) throw new IntegrityError(`the package has no ${COMPILED}`, { location });
  const manifest = parsedJson(compiled, `${location}/${COMPILED}`);
  const about = isObject(manifest) && isObject(manifest.metadata) ? manifest.metadata : {};
  const { name, version } = about;
  if (!isObject(manifest) || typeof name !== "string" || typeof version !== "string") {
    throw new IntegrityError(`${COMPILED} is not a compiled workflow`, { location });
  }
  return { name, version, digest: found, bytes, files, manifest };
}

/** A version's package out of a registry; its digest and its name are the index's. */
export async function fetchPackage(transport: Transport, info: VersionInfo, signal?: AbortSignal): Promise<Package> {
  const { name, version, digest: expected } = info;
  const path = `packages/${name}/${name}-${version}.wfpkg`;
  const url = transport.url(path);
  const found = await verifyPackage(await transport.read(path, signal, MAX_PACKAGE), expected, url);
  if (found.name !== name || found.version !== version) {
    const reason = `it holds ${found.name}:${found.version}, where ${name}:${version} was asked for`;
    throw new IntegrityError(reason, { location: url, help: FETCH_AGAIN });
  }
  return found;
}
