// SHA-256 by Web Crypto, and the digest of a version's files.
const ENCODER = new TextEncoder();

/** A version's files by path. */
export type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** SHA-256, hex. */
export async function sha256(content: Uint8Array<ArrayBuffer> | string): Promise<string> {
  const bytes = typeof content === "string" ? ENCODER.encode(content) : content;
  const found = new Uint8Array(await globalThis.crypto.subtle.digest("SHA-256", bytes));
  return Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** `sha256:<hex>` over `<sha256 of content> <size> <path>\n` of every file, sorted by the bytes of the path. */
export async function digest(files: Files): Promise<string> {
  const lines: string[] = [];
  for (const path of sortedPaths(files)) {
    const content = files.get(path)!;
    lines.push(`${await sha256(content)} ${content.length} ${path}\n`);
  }
  return `sha256:${await sha256(lines.join(""))}`;
}

/** The paths of files, sorted by their bytes. */
export function sortedPaths(files: Files): string[] {
  return [...files.keys()].sort((a, b) => compareBytes(ENCODER.encode(a), ENCODER.encode(b)));
}

/** Which of two byte strings comes first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const differs = a.findIndex((byte, n) => byte !== b[n]);
  return differs < 0 ? a.length - b.length : a[differs]! - (b[differs] ?? -1);
}
