// Publish to a live registry: a multipart post of the manifest, with the package where there is one.
import { BuiltWorkflow } from "./builder.js";
import { sha256 } from "./digest.js";
import { InvalidRequestError } from "./errors.js";
import { isObject, text } from "./json.js";
import type { Published } from "./models.js";
import { verifyPackage, type Package } from "./package.js";
import { parsedJson, type Transport } from "./transport.js";

const MANIFEST = "manifest.yaml";

/** Post a built workflow, or a package that `puppy-cli build` made. The same post again is the same answer. */
export async function publish(
  transport: Transport,
  given: BuiltWorkflow | Uint8Array,
  signal?: AbortSignal,
): Promise<Published> {
  const { name, version, form, key } = given instanceof BuiltWorkflow ? await ofManifest(given) : await ofPackage(given);
  const url = transport.url("workflows");
  const headers = { "Idempotency-Key": key };
  const answer = await transport.send(url, { method: "POST", body: form, headers, signal });
  const told = parsedJson(answer.body, url);
  const [address, held] = isObject(told) ? [text(told.pull_request), text(told.held)] : ["", ""];
  return { name, version, address, published: answer.status === 201, notes: held ? [held] : [] };
}

interface Post {
  readonly name: string;
  readonly version: string;
  readonly form: FormData;
  readonly key: string;
}

async function ofManifest(workflow: BuiltWorkflow): Promise<Post> {
  const yaml = workflow.toYAML();
  const form = new FormData();
  form.append("manifest", new Blob([yaml], { type: "application/yaml" }), MANIFEST);
  return { name: workflow.name, version: workflow.version, form, key: await sha256(yaml) };
}

async function ofPackage(given: Uint8Array): Promise<Post> {
  const { name, version, bytes, files }: Package = await verifyPackage(given);
  const manifest = files.get(MANIFEST);
  if (!manifest) throw new InvalidRequestError(`the package has no ${MANIFEST}`, { help: "build it with `puppy-cli build`" });
  const form = new FormData();
  form.append("manifest", new Blob([manifest], { type: "application/yaml" }), MANIFEST);
  form.append("package", new Blob([bytes], { type: "application/zip" }), `${name}-${version}.wfpkg`);
  return { name, version, form, key: await sha256(bytes) };
}
