// As much of Node.js as src/node.ts needs; the rest of the package runs in browsers and must not see any of it.
declare module "node:fs/promises" {
  export function mkdir(path: string, options: { recursive: boolean; mode: number }): Promise<unknown>;
  export function readFile(path: string, encoding: "utf8"): Promise<string>;
  export function rename(from: string, to: string): Promise<void>;
  export function rm(path: string, options: { force: boolean }): Promise<void>;
  export function writeFile(path: string, data: string): Promise<void>;
}
declare module "node:os" {
  export function homedir(): string;
}
declare module "node:path" {
  export function dirname(path: string): string;
  export function join(...parts: string[]): string;
}
declare module "node:process" {
  export const env: Readonly<Record<string, string | undefined>>;
  export const pid: number;
}
