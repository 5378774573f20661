// Uses a live registry as a program would: `node live.mjs DIST ADDRESS` prints what it was told as JSON.
const [dist, registryUrl] = process.argv.slice(2);
const { FindingsError, InvalidRequestError, NotFoundError, RunFailedError, WorkflowBuilder, WorkflowClient } =
  await import(`${dist}/index.js`);
const client = new WorkflowClient({ registryUrl, authToken: "your-token", sleep: async () => {} });

const names = [];
for await (const { name } of client.listWorkflows()) names.push(name);
const found = (await client.search("HELLO").all()).map(({ name }) => name);
const workflow = await client.getWorkflow("hello", { version: "^1.0" });
const old = await client.download("hello:1.0.0");
const caller = await client.getWorkflow("caller");
const result = await caller.execute({ who: "you" }, { environment: "production" });

const events = [];
const run = await workflow.start({ who: "you" });
for await (const { name } of run) events.push(name);
const { greeting } = await run.result();
const later = await client.run(run.id).result();
await run.cancel();

const kind = (error) => [error.constructor === undefined ? "" : error.name, error.message];
const built = (license) => new WorkflowBuilder("greeter", "1.0.0", { license }).addBlock("who").build();
const failed = [
  await client.getWorkflow("helo").catch(kind),
  await client.getWorkflow("hello", { version: "^7" }).catch(kind),
  await client.execute("hello").catch(kind),
  await client.publish(built("Nonsense")).catch((error) => [error.name, error.findings, error.requestId]),
];
const held = await client.publish(built("MIT"));
const packaged = await client.publish(workflow.package.bytes);
const { inputs, outputs, digest, reference, description, dependencies } = workflow;
console.log(
  JSON.stringify({
    names,
    found,
    workflow: { inputs, outputs, digest, reference, description, files: [...workflow.files.keys()].sort() },
    dependencies: caller.dependencies,
    versions: (await client.versions("hello")).map(({ version }) => version),
    old: [old.name, old.version, old.digest, Buffer.from(old.bytes).toString("base64")],
    result: { ...result },
    greeting: result.greeting,
    run: { id: run.id, events, greeting, later: later.greeting },
    failed,
    held,
    packaged,
  }),
);
