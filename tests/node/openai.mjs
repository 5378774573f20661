// OpenAI's client in JavaScript against a live registry: `openai.mjs BASE_URL`, the key in OPENAI_API_KEY.
import OpenAI from "openai";

const client = new OpenAI({ baseURL: process.argv[2], maxRetries: 0 });
const messages = [{ role: "user", content: "Ada" }];
const models = [];
for await (const model of client.models.list()) models.push(model.id);
const chat = await client.chat.completions.create({ model: "hello@^1", messages });
let streamed = "";
for await (const chunk of await client.chat.completions.create({ model: "hello", messages, stream: true })) {
  streamed += chunk.choices[0]?.delta?.content ?? "";
}
const response = await client.responses.create({ model: "hello:1.0.0", input: "Ada" });
const events = [];
for await (const event of await client.responses.create({ model: "hello", input: "Ada", stream: true })) {
  events.push(event.type);
}
const refused = await client.chat.completions.create({ model: "helo", messages }).catch((error) => error);
console.log(
  JSON.stringify({
    models,
    chat: chat.choices[0].message.content,
    streamed,
    response: response.output_text,
    last: events.at(-1),
    refused: { kind: refused.constructor.name, status: refused.status, code: refused.code },
  }),
);
