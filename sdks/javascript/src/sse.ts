// Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html): bytes → messages.
import { IntegrityError } from "./errors.js";

const LONGEST_LINE = 2 ** 20;
const MOST_DATA = 4 * 2 ** 20;

/** One message; `id` is the last one that was named, `event` is `message` where none was. */
export interface Message {
  readonly data: string;
  readonly event: string;
  readonly id: string;
}

/** The messages in a stream's bytes; one that the stream's end cuts off is left out. */
export async function* messages(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Message> {
  let data: string[] = [];
  let [event, id, size] = ["", "", 0];
  for await (const line of lines(stream)) {
    if (!line) {
      if (data.length) yield { data: data.join("\n"), event: event || "message", id };
      [data, event, size] = [[], "", 0];
      continue;
    }
    const [name, value] = field(line);
    if (name === "data") {
      data.push(value);
      size += value.length;
      if (size > MOST_DATA) throw new IntegrityError(`a message of more than ${MOST_DATA} characters`);
    } else if (name === "event") event = value;
    else if (name === "id" && !value.includes("\0")) id = value;
  }
}

function field(line: string): [string, string] {
  const at = line.indexOf(":");
  if (at < 0) return [line, ""];
  return [line.slice(0, at), line.slice(at + 1).replace(/^ /, "")];
}

/** Lines that have ended, by CR, LF or both. */
async function* lines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true });
    const isOpen = rest.endsWith("\r"); // its LF may come with the next chunk
    const parts = (isOpen ? rest.slice(0, -1) : rest).split(/\r\n|\n|\r/);
    rest = parts.pop()! + (isOpen ? "\r" : "");
    yield* parts;
    if (rest.length > LONGEST_LINE) throw new IntegrityError(`a line of more than ${LONGEST_LINE} characters`);
  }
  if (rest.endsWith("\r")) yield rest.slice(0, -1);
}
