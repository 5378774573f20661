// A `.wfpkg`: a ZIP whose entries are stored, sorted and have fixed times and modes (APPNOTE.TXT 4.3).
// The same files give the same bytes everywhere, so a package is read by making it anew and comparing.
import { sortedPaths, type Files } from "./digest.js";
import { IntegrityError } from "./errors.js";
import { pathClash, unsafePath } from "./paths.js";

const MOST_BYTES = 10 * 2 ** 20;
const MOST_FILES = 200;
/** A package's own largest size, in bytes. */
export const MAX_PACKAGE = MOST_BYTES + MOST_FILES * 1024;

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];
const [LOCAL_SIZE, CENTRAL_SIZE, END_SIZE] = [30, 46, 22];
const NEEDS = 20; // ZIP 2.0
const MADE_BY = (3 << 8) | NEEDS; // Unix
const FIRST_DAY = 33; // 1 January 1980
const REGULAR_0644 = 0o100644 * 2 ** 16;
const UTF8 = 0x800;
const ENCODER = new TextEncoder();

const FETCH_AGAIN = "fetch it again; if that doesn't help, tell the registry's maintainers";

/** The package of files given by path. */
export function writePackage(files: Files): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const central: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (const path of sortedPaths(files)) {
    const content = files.get(path)!;
    const name = ENCODER.encode(path);
    const entry = { name, size: content.length, crc: crc32(content), flags: name.length === path.length ? 0 : UTF8 };
    parts.push(localHeader(entry), name, content);
    central.push(centralHeader(entry, offset), name);
    offset += LOCAL_SIZE + name.length + content.length;
  }
  const directory = joined(central);
  return joined([...parts, directory, endRecord(files.size, directory.length, offset)]);
}

/** The files of a package; `IntegrityError` for whatever is not byte for byte what `writePackage` gives. */
export function readPackage(data: Uint8Array<ArrayBuffer>, location: string): Files {
  const fail = (reason: string, help = FETCH_AGAIN) => new IntegrityError(reason, { location, help });
  if (data.length > MAX_PACKAGE) throw fail(`the package is larger than ${MOST_BYTES} bytes`);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { path, content, isPlain } of entries(data, fail)) {
    const reason = unsafePath(path);
    if (reason) throw fail(`the path ${JSON.stringify(path.slice(0, 80))} ${reason}`);
    if (files.has(path)) throw fail(`duplicate entry ${path}`);
    if (!isPlain) throw fail(`${path} is not a plain stored file`);
    files.set(path, content);
  }
  const clash = pathClash(files.keys());
  if (clash) throw fail(clash);
  if (!isSame(writePackage(files), data)) throw fail("the package is not in normal form");
  return files;
}

interface Entry {
  readonly path: string;
  readonly content: Uint8Array<ArrayBuffer>;
  readonly isPlain: boolean;
}

function* entries(data: Uint8Array<ArrayBuffer>, fail: (reason: string) => Error): Generator<Entry> {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const end = data.length - END_SIZE;
  if (end < 0 || view.getUint32(end, true) !== END) throw fail("not a package: it has no end record of a ZIP");
  const count = view.getUint16(end + 10, true);
  if (count > MOST_FILES) throw fail(`more than ${MOST_FILES} files`);
  let at = view.getUint32(end + 16, true);
  for (let n = 0; n < count; n++) {
    if (at + CENTRAL_SIZE > end || view.getUint32(at, true) !== CENTRAL) throw fail("not a package: its list of files is damaged");
    const name = data.slice(at + CENTRAL_SIZE, at + CENTRAL_SIZE + view.getUint16(at + 28, true));
    const size = view.getUint32(at + 20, true);
    const start = view.getUint32(at + 42, true) + LOCAL_SIZE + name.length;
    if (start + size > end) throw fail("not a package: a file ends behind its end");
    const isPlain = view.getUint16(at + 10, true) === 0 && (view.getUint16(at + 8, true) & 1) === 0;
    yield { path: decoded(name, fail), content: data.slice(start, start + size), isPlain };
    at += CENTRAL_SIZE + name.length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
}

function decoded(name: Uint8Array, fail: (reason: string) => Error): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(name);
  } catch {
    throw fail("not a package: a path is not UTF-8");
  }
}

interface Header {
  readonly name: Uint8Array;
  readonly size: number;
  readonly crc: number;
  readonly flags: number;
}

/** Fields in little-endian order, each as its size in bytes and its value. */
function record(...fields: readonly (readonly [2 | 4, number])[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}

function common({ name, size, crc, flags }: Header): (readonly [2 | 4, number])[] {
  const when: (readonly [2, number])[] = [[2, 0], [2, FIRST_DAY]];
  return [[2, NEEDS], [2, flags], [2, 0], ...when, [4, crc], [4, size], [4, size], [2, name.length], [2, 0]];
}

function localHeader(entry: Header): Uint8Array<ArrayBuffer> {
  return record([4, LOCAL], ...common(entry));
}

function centralHeader(entry: Header, offset: number): Uint8Array<ArrayBuffer> {
  const last: (readonly [2 | 4, number])[] = [[2, 0], [2, 0], [2, 0], [4, REGULAR_0644], [4, offset]];
  return record([4, CENTRAL], [2, MADE_BY], ...common(entry), ...last);
}

function endRecord(count: number, size: number, offset: number): Uint8Array<ArrayBuffer> {
  return record([4, END], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, offset], [2, 0]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, n) => byte === b[n]);
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(content: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of content) value = CRC[(value ^ byte) & 0xff]! ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
