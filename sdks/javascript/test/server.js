// A small HTTP server of a test: answers come from a function; what came in is kept.
import { createServer } from "node:http";

/** Serves until `close()`; `answer(request, response)` is called once the request's body was read. */
export async function serve(answer) {
  const seen = [];
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    request.text = Buffer.concat(parts).toString();
    seen.push(request);
    await answer(request, response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { address: `http://127.0.0.1:${server.address().port}`, seen, close };
}

/** Ends a response with JSON. */
export function json(response, value, status = 200) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
