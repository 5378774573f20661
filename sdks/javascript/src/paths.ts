// Paths of a version's files, and which of them no system must be given.
const DEVICES = /^(con|conin\$|conout\$|prn|aux|nul|(com|lpt)[0-9¹²³])$/i;
const SPECIAL = /[\u0000-\u001f\u007f\\:%*?"<>|]/;

/** True for names that Windows keeps for devices (`con`, `nul.txt`, `com1` …). */
export function isDeviceName(part: string): boolean {
  return DEVICES.test(part.split(".", 1)[0]!.trimEnd());
}

/** Why a relative path can't be trusted on every system; empty where it can. */
export function unsafePath(path: string): string {
  if (!path || path.startsWith("/")) return "is empty or absolute";
  if (SPECIAL.test(path)) return "holds a character that some systems treat specially";
  for (const part of path.split("/")) {
    if (part === "" || part === "." || part === "..") return "steps outside its folder or has an empty part";
    if (/[. ]$/.test(part) || isDeviceName(part)) return "has a part that Windows can't store";
  }
  return "";
}

/** Two paths that some system takes for one, or a file that others need as their folder; empty for none. */
export function pathClash(paths: Iterable<string>): string {
  const seen = new Map<string, readonly [string, boolean]>();
  for (const path of paths) {
    const parts = path.split("/");
    for (let length = 1; length <= parts.length; length++) {
      const prefix = parts.slice(0, length).join("/");
      const isFile = length === parts.length;
      const [other, wasFile] = seen.get(folded(prefix)) ?? [prefix, isFile];
      seen.set(folded(prefix), [other, wasFile]);
      if (other !== prefix) return `${other} and ${prefix} are one path on systems that ignore case or Unicode form`;
      if (wasFile !== isFile) return `${prefix} is a file and a folder`;
    }
  }
  return "";
}

function folded(path: string): string {
  return path.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFC");
}
