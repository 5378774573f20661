// A registry's address and who asks: what may be sent where.
import { InvalidRequestError } from "./errors.js";

/** An http(s) address without its last slashes and with nothing secret in it. */
export function checkedAddress(given: string): string {
  const url = typeof given === "string" ? parsed(given) : undefined;
  if (url && (url.username || url.password)) {
    const help = "give it as authToken and leave it out of the address";
    throw new InvalidRequestError("registryUrl holds a password", { help });
  }
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash) {
    const help = "write https://HOST or https://HOST/PATH, as the catalogue's home page is opened";
    throw new InvalidRequestError("registryUrl is not the address of a registry", { location: String(given), help });
  }
  return url.href.replace(/\/+$/, "");
}

/** The token, where it can and may be sent to the address; errors never show it. */
export function checkedToken(token: string | undefined, address: string): string {
  if (!token) return "";
  if (typeof token !== "string" || !/^[!-~]{1,4096}$/.test(token) || token.includes("\n")) {
    const help = "strip it: a file's last line break, quotes of a shell";
    throw new InvalidRequestError("authToken holds blanks, line breaks or other characters that no token has", { help });
  }
  const { protocol, hostname } = new URL(address);
  if (protocol === "http:" && !isHere(hostname)) {
    const help = "use the registry's https:// address, or leave authToken out";
    throw new InvalidRequestError("authToken would go over the network unencrypted", { location: address, help });
  }
  return token;
}

function parsed(given: string): URL | undefined {
  try {
    return new URL(given);
  } catch {
    return undefined;
  }
}

function isHere(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(host);
}
