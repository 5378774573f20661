// Runs workflows of `registry-tool serve`: `node served.mjs DIST ADDRESS TOKEN` prints what it was told as JSON.
const [dist, registryUrl, authToken] = process.argv.slice(2);
const { WorkflowClient } = await import(`${dist}/index.js`);
const client = new WorkflowClient({ registryUrl, authToken });

const run = await client.start("caller@^0", { who: "you" });
const events = [];
for await (const { name, executionId } of run) events.push([name, executionId === run.id]);
const { greeting, executionId } = await client.execute("hello:1.0.0", { who: "Ada" });
const failed = [];
for (const [reference, inputs] of [["helo", {}], ["hello@^7", {}], ["hello", { whom: "Ada" }]]) {
  failed.push(await client.execute(reference, inputs).catch((error) => [error.name, error.help ?? ""]));
}
const names = [];
for await (const { name } of client.listWorkflows()) names.push(name);
console.log(JSON.stringify({ events, greeting, executionId, failed, names }));
