import assert from "node:assert/strict";
import { inspect } from "node:util";
import { test } from "node:test";
import * as sdk from "../dist/index.js";
import { json, serve } from "./server.js";

const { WorkflowClient } = sdk;

/** A client of a server that lives as long as the test. */
async function client(t, answer, options = {}) {
  const server = await serve(answer);
  t.after(server.close);
  const found = new WorkflowClient({ registryUrl: server.address, sleep: async () => {}, ...options });
  return { client: found, server };
}

const live = (request, response) => request.url === "/api/v1/index.json" && (json(response, { live: true }), true);

test("what can't be a registry or a token is refused before anything is sent", () => {
  for (const registryUrl of ["", "hello", "ftp://x", "https://u:p@x", "https://x/?a", "https://x/#a", undefined]) {
    assert.throws(() => new WorkflowClient({ registryUrl }), sdk.InvalidRequestError);
  }
  const registryUrl = "https://example.com/";
  for (const more of [{ authToken: "a b" }, { authToken: "a\n" }, { timeout: 0 }, { timeout: NaN }, { retries: -1 }, { retries: 0.5 }]) {
    assert.throws(() => new WorkflowClient({ registryUrl, ...more }), sdk.InvalidRequestError);
  }
  assert.throws(() => new WorkflowClient({ registryUrl: "http://example.com", authToken: "t" }), /unencrypted/);
  assert.equal(new WorkflowClient({ registryUrl: "https://example.com/a//" }).registryUrl, "https://example.com/a");
});

test("a password in the address shows in no message", () => {
  assert.throws(
    () => new WorkflowClient({ registryUrl: "https://u:geheim@x" }),
    (error) => error instanceof sdk.InvalidRequestError && !inspect(error).includes("geheim"),
  );
});

test("the token goes with requests and shows nowhere else", async (t) => {
  const { client: found, server } = await client(t, (_, response) => json(response, { title: "no" }, 401), {
    authToken: "geheim",
  });
  const error = await found.versions("hello").catch((it) => it);
  assert(error instanceof sdk.AuthenticationError);
  assert.equal(error.help, "give a valid authToken");
  assert.equal(server.seen[0].headers.authorization, "Bearer geheim");
  assert(!inspect([found, error], { depth: 9, showHidden: true }).includes("geheim"));
  assert(!JSON.stringify(found).includes("geheim"));
});

test("a redirect is not followed", async (t) => {
  const { client: found, server } = await client(t, (_, response) => response.writeHead(302, { location: "/x" }).end());
  await assert.rejects(found.versions("hello"), /redirect/);
  assert.equal(server.seen.length, 1);
});

test("an answer that never ends is given up", async (t) => {
  const { client: found } = await client(t, (_, response) => response.writeHead(200).write("x"), { timeout: 50, retries: 0 });
  await assert.rejects(found.versions("hello"), sdk.TimedOutError);
});

test("more than a document may be is refused while it comes", async (t) => {
  const { client: found } = await client(t, (_, response) => {
    response.writeHead(200);
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(2 ** 20)));
    };
    response.on("drain", more);
    more();
  });
  await assert.rejects(found.versions("hello"), /more than 16777216 bytes/);
});

test("a lost connection is told as such, after all attempts", async (t) => {
  const { client: found, server } = await client(t, (request) => request.socket.destroy());
  await assert.rejects(found.versions("hello"), sdk.UnreachableError);
  assert.equal(server.seen.length, 3);
});

test("an aborted call rejects with the signal's reason, also while it waits to try again", async (t) => {
  const stop = new AbortController();
  const waiting = new Promise((resolve) => t.after(resolve));
  const { client: found } = await client(t, (_, response) => json(response, {}, 503), {
    sleep: async (_, signal) => {
      stop.abort(new Error("enough"));
      signal.throwIfAborted();
      await waiting;
    },
  });
  await assert.rejects(found.versions("hello", { signal: stop.signal }), /enough/);
  await assert.rejects(found.listWorkflows({ signal: AbortSignal.abort() }).all(), { name: "AbortError" });
});

test("a page that leads elsewhere is refused", async (t) => {
  const { client: found, server } = await client(t, (_, response) =>
    json(response, { workflows: [], pagination: { next: "../../../secret" } }),
  );
  await assert.rejects(found.listWorkflows().all(), sdk.IntegrityError);
  assert.equal(server.seen.length, 1);
});

test("a live registry whose documents are not there yet is asked for its lists", async (t) => {
  const summary = (name) => ({ name, version: "1.0.0", description: "", category: "", tags: [] });
  const { client: found, server } = await client(t, (request, response) => {
    const page = Number(new URL(request.url, "http://x").searchParams.get("page"));
    if (page) json(response, { workflows: [summary(`w${page}`)], pagination: { pages: 2 } });
    else json(response, {}, 404);
  });
  assert.deepEqual((await found.listWorkflows().all()).map(({ name }) => name), ["w1", "w2"]);
  const paths = server.seen.map(({ url }) => url.replace("/api/v1/", ""));
  const list = "workflows?sort=updated&per_page=100&page=";
  assert.deepEqual(paths, ["workflows.json", `${list}1`, `${list}2`]);
});

test("a live registry without an index yet searches itself; a static one says what is missing", async (t) => {
  const summary = { name: "hello", version: "1.0.0", description: "", category: "", tags: [] };
  let isLive = true;
  const { client: found, server } = await client(t, (request, response) => {
    if (isLive && request.url.startsWith("/api/v1/workflows?")) json(response, { workflows: [summary], pagination: { pages: 1 } });
    else json(response, {}, 404);
  });
  assert.deepEqual((await found.search("tag:nlp 情感", { sort: "name" }).all()).map(({ name }) => name), ["hello"]);
  const asked = new URL(server.seen.at(-1).url, "http://x").searchParams;
  assert.deepEqual([asked.get("q"), asked.get("sort")], ["tag:nlp 情感", "name"]);
  isLive = false;
  await assert.rejects(found.search("hello").all(), sdk.NotSupportedError);
});

test("an index of another form is an error of the registry, an unknown order one of whoever asks", async (t) => {
  const { client: found } = await client(t, (_, response) => json(response, { workflows: 1 }));
  await assert.rejects(found.search("hello").all(), (error) => error instanceof sdk.IntegrityError && /search index/.test(error.reason));
  await assert.rejects(found.search("hello", { sort: "size" }).all(), /"size" is not an order.*relevance, updated/);
  await assert.rejects(found.search("hello", { signal: AbortSignal.abort(new Error("enough")) }).all(), /enough/);
});

test("a flipped byte in the index is seen", async (t) => {
  const line = { name: "hello", version: "1.0.0", digest: `sha256:${"0".repeat(64)}`, requires: [], sum: "0", yanked: false };
  const { client: found } = await client(t, (_, response) => json(response, line));
  await assert.rejects(found.getWorkflow("hello"), /the index of hello is damaged/);
});

test("wrong names, references, ranges, ids and inputs are refused before anything is sent", async (t) => {
  const { client: found, server } = await client(t, live);
  await assert.rejects(found.getWorkflow("../x"), sdk.InvalidRequestError);
  await assert.rejects(found.getWorkflow("hello", { version: "latest" }), /not a version range/);
  await assert.rejects(found.versions("a/b"), sdk.InvalidRequestError);
  await assert.rejects(found.execute("hello:^1"), sdk.InvalidRequestError);
  assert.throws(() => found.run("../secret"), sdk.InvalidRequestError);
  assert.equal(server.seen.length, 0);
  await assert.rejects(found.execute("hello", { text: [1n] }), /inputs\.text\[0\]: bigint is not JSON/);
  await assert.rejects(found.execute("hello", { text: NaN }), /inputs\.text: NaN is not a JSON number/);
});

test("a static registry runs and takes nothing, and says so", async (t) => {
  const { client: found } = await client(t, (_, response) => json(response, { live: false }));
  await assert.rejects(found.execute("hello"), (error) => error instanceof sdk.NotSupportedError && /live registry/.test(error.help));
  await assert.rejects(found.publish(new sdk.WorkflowBuilder().addBlock("a").build()), sdk.NotSupportedError);
});

const told = (name) => `id: ${name.length}\nevent: ${name}\ndata: {"event": "${name}"}\n\n`;

test("a run whose server tells no events is asked for its state", async (t) => {
  let polls = 0;
  const { client: found, server } = await client(t, (request, response) => {
    if (live(request, response)) return;
    if (request.url.endsWith("/execute")) json(response, { execution_id: "exec-1", status: "queued" }, 202);
    else if (request.url.endsWith("/events")) json(response, {}, 501);
    else json(response, { execution_id: "exec-1", status: ++polls < 3 ? "running" : "success", outputs: { a: 1, status: 2 } });
  });
  const result = await found.execute("hello@^1", { a: [1] }, { environment: "staging" });
  assert.deepEqual([result.a, result.status, result.outputs.status], [1, "success", 2]);
  const post = server.seen.find((request) => request.method === "POST");
  assert.deepEqual(JSON.parse(post.text), { inputs: { a: [1] }, wait: false, version: "^1", environment: "staging" });
  assert.match(post.headers["idempotency-key"], /^[0-9a-f-]{36}$/);
});

test("a stream that breaks off is taken up where it broke", async (t) => {
  const streams = [told("execution_started"), told("edge_started") + "data: cut", told("execution_finished")];
  const { client: found, server } = await client(t, (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).end(streams.shift());
  });
  const names = [];
  for await (const { name } of found.run("exec-1")) names.push(name);
  assert.deepEqual(names, ["execution_started", "edge_started", "execution_finished"]);
  const ids = server.seen.map((request) => request.headers["last-event-id"]);
  assert.deepEqual(ids, [undefined, String("execution_started".length), String("edge_started".length)]);
});

test("a stream that tells nothing again and again is given up, and the run is not", async (t) => {
  const { client: found } = await client(t, (request, response) => {
    if (request.url.endsWith("/events")) response.writeHead(200, { "content-type": "text/event-stream" }).end();
    else json(response, { execution_id: "exec-1", status: "running" });
  });
  await assert.rejects(found.run("exec-1").result(), /again and again .*client\.run/);
});

test("who waits no longer goes, and the run goes on", async (t) => {
  const { client: found, server } = await client(t, (request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).write(told("execution_started"));
  });
  const run = found.run("exec-1");
  await assert.rejects(run.result({ timeout: 30 }), /has not ended within 30 ms; it goes on/);
  for await (const { name } of run.events()) {
    assert.equal(name, "execution_started");
    break; // closes the connection and leaves the run alone
  }
  await assert.rejects(run.result({ signal: AbortSignal.abort(new Error("enough")) }), /enough/);
  assert(server.seen.every(({ method, url }) => method === "GET" && url.endsWith("/events")));
});

for (const place of ["/execute", "/events"]) {
  test(`who aborts execute ends the run, also while ${place} is asked`, async (t) => {
    const stop = new AbortController();
    let cancelled;
    const ended = new Promise((resolve) => (cancelled = resolve));
    const { client: found } = await client(t, async (request, response) => {
      if (live(request, response)) return;
      if (request.url.endsWith(place)) stop.abort(new Error("enough"));
      if (request.method === "POST") json(response, { execution_id: "exec-1", status: "queued" }, 202);
      else if (request.method === "DELETE") {
        cancelled(request.url);
        response.writeHead(204).end();
      }
    });
    await assert.rejects(found.execute("hello", {}, { signal: stop.signal }), /enough/);
    assert.equal(await ended, "/api/v1/runs/exec-1");
    await assert.rejects(found.execute("hello", {}, { signal: stop.signal }), /enough/);
  });
}

test("an answer that is not JSON, or names no run, is an error of the registry", async (t) => {
  const { client: found } = await client(t, (request, response) => {
    if (live(request, response)) return;
    if (request.method === "POST") json(response, {}, 202);
    else response.end("<html>");
  });
  await assert.rejects(found.execute("hello"), /names no execution/);
  await assert.rejects(found.run("exec-1").result(), sdk.IntegrityError);
});
