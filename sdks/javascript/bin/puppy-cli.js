#!/usr/bin/env node
// `puppy-cli` is a Python program: this starts the one that is installed, or says how to get one. It installs nothing
// before it has said what, where, and somebody has agreed.
import { main } from "./launcher.js";

process.exitCode = await main(process.argv.slice(2));
