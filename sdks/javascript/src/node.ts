// What only Node.js can do: keep what was seen of registries in a folder.
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { env, pid } from "node:process";
import type { TrustStore } from "./pin.js";

/**
 * A folder that keeps what was seen last of pinned registries.
 *
 * Without a name it is the one of `puppy-cli`, below `PUPPY_CACHE` or `~/.cache/puppy`: what one of them saw counts for all.
 */
export function trustFolder(folder: string = cacheFolder()): TrustStore {
  let written = 0;
  return {
    async getItem(key) {
      try {
        return await readFile(join(folder, key), "utf8");
      } catch (error) {
        if ((error as { code?: string }).code === "ENOENT") return null;
        throw error;
      }
    },
    async setItem(key, value) {
      const path = join(folder, key);
      const made = `${path}.${pid}.${++written}.new`;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      try {
        await writeFile(made, value);
        await rename(made, path);
      } finally {
        await rm(made, { force: true });
      }
    },
  };
}

function cacheFolder(): string {
  return env.PUPPY_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "puppy");
}
