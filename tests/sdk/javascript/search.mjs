// Searches a built site's folder by the SDK: `node search.mjs DIST FOLDER` reads [[query, order]] from standard input
// and writes the names that each finds first, in order.
import { readFile } from "node:fs/promises";

const [dist, folder] = process.argv.slice(2);
const { WorkflowClient } = await import(`${dist}/index.js`);
const fetch = async (url) => {
  const data = await readFile(folder + new URL(url).pathname).catch(() => null);
  return data ? new Response(data) : new Response("{}", { status: 404 });
};
const client = new WorkflowClient({ registryUrl: "https://registry.example.com", fetch });

let text = "";
for await (const chunk of process.stdin) text += chunk;
const answers = [];
for (const [query, sort] of JSON.parse(text)) {
  const { value } = await client.search(query, { sort }).pages().next();
  answers.push((value ?? []).map(({ name }) => name));
}
process.stdout.write(JSON.stringify(answers));
