// Carries out GraphQL queries over GitHub's own schema: a list of {query, variables, root} on standard input, answers out.
import { readFileSync } from "node:fs";
import { buildSchema, graphql } from "graphql";
import { schema as description } from "@octokit/graphql-schema";

const schema = buildSchema(description.idl, { assumeValid: true });
const answers = JSON.parse(readFileSync(0, "utf8")).map(({ query, variables, root }) =>
  graphql({ schema, source: query, rootValue: root, variableValues: variables }));
process.stdout.write(JSON.stringify(await Promise.all(answers)));
