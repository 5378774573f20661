// Asks the SDK's inner functions: `node ask.mjs DIST SEMVER` reads a JSON list of requests from standard input and
// writes their answers. SEMVER is npm's own semver, the reference for ranges.
const [dist, semver] = process.argv.slice(2);
const [ranges, versions, segments, yaml, sdk, { default: npm }] = await Promise.all([
  import(`${dist}/ranges.js`),
  import(`${dist}/versions.js`),
  import(`${dist}/segments.js`),
  import(`${dist}/yaml.js`),
  import(`${dist}/index.js`),
  import(semver),
]);

const asks = {
  range({ range, version }) {
    const found = ranges.parseRange(range);
    return found ? ranges.admits(found, version) : null;
  },
  npmRange: ({ range, version }) => (npm.validRange(range) === null ? null : npm.satisfies(version, range)),
  order: ({ texts }) =>
    texts.map((text) => [text, versions.parseVersion(text)]).sort((a, b) => versions.compareVersions(a[1], b[1])).map(([text]) => text),
  segment: ({ key }) => segments.pathSegment(key),
  yaml: ({ value }) => yaml.yamlText(value),
  built({ calls, made }) {
    const builder = new sdk.WorkflowBuilder(...made);
    for (const [name, ...words] of calls) builder[name](...words);
    const built = builder.build();
    return { manifest: built.manifest, yaml: built.toYAML() };
  },
};

let text = "";
for await (const chunk of process.stdin) text += chunk;
const answers = [];
for (const { ask, ...given } of JSON.parse(text)) answers.push(await asks[ask](given));
process.stdout.write(JSON.stringify(answers));
