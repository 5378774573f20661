import assert from "node:assert/strict";
import { test } from "node:test";
import { InvalidRequestError, WorkflowBuilder, WorkflowError } from "../dist/index.js";

const refused = (act, pattern) => assert.throws(act, (error) => error instanceof InvalidRequestError && pattern.test(error.message));

test("an edge without a type asks a model or copies", () => {
  const { manifest } = new WorkflowBuilder("a", "1.0.0")
    .addBlock("in")
    .addBlock("judge", "llm")
    .addBlock("out")
    .addEdge("in", "judge")
    .addEdge(["in", "judge"], "out")
    .build();
  assert.deepEqual(manifest.spec.edges, [
    { id: "edge-1", source: "in", target: "judge", type: "llm", config: { prompt: "{{in}}" } },
    {
      id: "edge-2",
      source: ["in", "judge"],
      target: "out",
      type: "modify",
      config: { modify_type: "copy", content: "{{in}}\n{{judge}}" },
    },
  ]);
});

test("what is wrong is told where it is added", () => {
  refused(() => new WorkflowBuilder("A b"), /metadata\.name: the name "A b" must be/);
  refused(() => new WorkflowBuilder("a", "1"), /metadata\.version/);
  refused(() => new WorkflowBuilder().addBlock("a b"), /is not one/);
  refused(() => new WorkflowBuilder().addBlock("a").addBlock("a"), /is taken/);
  refused(() => new WorkflowBuilder().addBlock("a").addEdge("a", "b"), /there is no block "b".*there are a/);
  const one = () => new WorkflowBuilder().addBlock("a").addBlock("b");
  refused(() => one().addEdge("a", "b", "", { when: ["a", "c"] }), /there is no block "c"/);
  for (const onError of [{}, { value: 1, more: 2 }, "null"]) refused(() => one().addEdge("a", "b", "", { onError }), /edge edge-1\.onError/);
  refused(() => new WorkflowBuilder().addBlock("a", "text", { value: new Date(0) }), /block a\.value: Date is not JSON/);
  refused(() => new WorkflowBuilder().addBlock("a", "text", { value: { x: [undefined] } }), /block a\.value\.x\[0\]/);
  refused(() => new WorkflowBuilder().addDependency("a", "newest"), /not a version range/);
  refused(() => new WorkflowBuilder().build(), /at least one block/);
  assert.throws(() => new WorkflowBuilder().addBlock("a", "text", { value: "x".repeat(2 ** 18) }).build(), WorkflowError);
});

test("a built workflow keeps nothing of its builder, and nothing of what was given", () => {
  const config = { n: [1] };
  const builder = new WorkflowBuilder().addBlock("a", "text", { config });
  const built = builder.build();
  config.n.push(2);
  builder.addBlock("b");
  assert.deepEqual(built.manifest.spec.blocks, [{ id: "a", type: "text", config: { n: [1] } }]);
  assert.equal(JSON.stringify(built), JSON.stringify(built.manifest));
});

test("a member called __proto__ is data", () => {
  const value = JSON.parse('{"__proto__": {"admin": true}}');
  const { manifest } = new WorkflowBuilder().addBlock("a", "text", { value }).build();
  assert.equal(manifest.spec.blocks[0].value.admin, undefined);
  assert.equal(JSON.stringify(manifest.spec.blocks[0].value), '{"__proto__":{"admin":true}}');
});
