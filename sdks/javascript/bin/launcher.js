// Finds the Python program `puppy-cli`, in this order: PUPPY_CLI_PYTHON's, the one on PATH, the one in the user's data
// folder, a `python3` that has the package.
import { spawn, spawnSync } from "node:child_process";
import { constants, accessSync, existsSync, openSync, readSync, closeSync } from "node:fs";
import { homedir, constants as system } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { createInterface } from "node:readline/promises";

const PACKAGE = "puppyai-workflow-registry";
const START = "import sys; from registry_tool.cli.puppy import main; sys.argv[0] = 'puppy-cli'; sys.exit(main())";
const HAS_PACKAGE = "import importlib.util, sys; sys.exit(importlib.util.find_spec('registry_tool') is None)";
const OLD_PYTHON = "import sys; sys.exit(sys.version_info < (3, 11))";
const IS_WINDOWS = process.platform === "win32";
const PYTHONS = IS_WINDOWS ? ["py", "python"] : ["python3", "python"];

/** Runs `puppy-cli` with the arguments; its exit code, 1 where there is none. */
export async function main(args, environment = process.env) {
  const found = program(environment);
  if (found === undefined) {
    const made = await make(environment);
    return made ? run([made], args) : 1;
  }
  return found.error ? fail(found.error) : run(found.command, args);
}

/** `{command}` or `{error}`; undefined where nothing was found. */
export function program(environment) {
  const chosen = environment.PUPPY_CLI_PYTHON;
  if (chosen) return withPackage(chosen) ?? { error: `PUPPY_CLI_PYTHON (${chosen}) ${reason(chosen)}` };
  const installed = [...onPath("puppy-cli", environment).filter(isPythons), ownProgram(environment)].find(existsSync);
  if (installed) return { command: [installed] };
  for (const name of PYTHONS) {
    const [python] = onPath(name, environment);
    const command = python && withPackage(python);
    if (command) return command;
  }
  return undefined;
}

/** The environment in the user's data folder, or where XDG_DATA_HOME or LOCALAPPDATA say. */
export function dataFolder(environment) {
  const home = environment.HOME || environment.USERPROFILE || homedir();
  const usual = { win32: join(home, "AppData", "Local"), darwin: join(home, "Library", "Application Support") };
  const named = IS_WINDOWS ? environment.LOCALAPPDATA : environment.XDG_DATA_HOME;
  const base = named && isAbsolute(named) ? named : (usual[process.platform] ?? join(home, ".local", "share"));
  return join(base, "puppy-cli", "python");
}

/** Makes an environment once somebody agrees; the path of its program, or nothing. */
async function make(environment) {
  const folder = dataFolder(environment);
  const python = PYTHONS.flatMap((name) => onPath(name, environment)).find(isNewEnough);
  if (!python) {
    return fail("puppy-cli is a Python program, and there is no Python 3.11 or newer here.\nInstall Python, then run this again.") && "";
  }
  console.error(`puppy-cli is a Python program, and it is not installed.
To install it yourself: pipx install ${PACKAGE}
I can make an environment for it: ${python} -m venv ${folder}, and pip install ${PACKAGE} into it.
(PUPPY_CLI_INSTALL=yes agrees without a question; PUPPY_CLI_PYTHON names a Python that has it.)`);
  if (!(await agreed(environment))) return "";
  const pip = join(folder, IS_WINDOWS ? "Scripts" : "bin", IS_WINDOWS ? "python.exe" : "python");
  const steps = [[python, "-m", "venv", folder], [pip, "-m", "pip", "install", "--quiet", PACKAGE]];
  for (const [command, ...words] of steps) {
    console.error(`$ ${[command, ...words].join(" ")}`);
    if (spawnSync(command, words, { stdio: ["ignore", 2, 2], env: environment }).status !== 0) {
      return fail("That failed; nothing else was tried. Remove the folder above before you try again.") && "";
    }
  }
  return ownProgram(environment);
}

async function agreed(environment) {
  if (environment.PUPPY_CLI_INSTALL === "yes") return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question("Make it now? [y/N] ");
  asking.close();
  return /^y(es)?$/i.test(answer.trim());
}

function ownProgram(environment) {
  return join(dataFolder(environment), IS_WINDOWS ? "Scripts" : "bin", IS_WINDOWS ? "puppy-cli.exe" : "puppy-cli");
}

/** With `-P` Python imports nothing from the working directory, which may be anybody's. */
function withPackage(python) {
  return spawnSync(python, ["-P", "-c", HAS_PACKAGE], { stdio: "ignore" }).status === 0
    ? { command: [python, "-P", "-c", START] }
    : undefined;
}

function reason(python) {
  const isThere = spawnSync(python, ["-c", ""], { stdio: "ignore" }).status === 0;
  return isThere ? `has no ${PACKAGE}: ${python} -m pip install ${PACKAGE}` : "is not a Python that runs";
}

function isNewEnough(python) {
  return spawnSync(python, ["-c", OLD_PYTHON], { stdio: "ignore" }).status === 0;
}

/** Every executable of a name on PATH; nothing of a relative folder, which may be anybody's. */
function onPath(name, environment) {
  const folders = (environment.PATH ?? environment.Path ?? "").split(delimiter).filter(isAbsolute);
  return folders.map((folder) => join(folder, IS_WINDOWS ? `${name}.exe` : name)).filter(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether a script is Python's, by its first lines: never this launcher again. */
function isPythons(path) {
  if (IS_WINDOWS) return true; // npm makes .cmd files, pip .exe
  const start = Buffer.alloc(512);
  const file = openSync(path, "r");
  const size = readSync(file, start);
  closeSync(file);
  return /^#!.*python|^#!\/bin\/sh\n'''exec'.*python/.test(start.toString("latin1", 0, size));
}

/** Runs a command in this terminal; its exit code, or that of the signal that ended it. */
function run([command, ...first], args) {
  const child = spawn(command, [...first, ...args], { stdio: "inherit" });
  const stay = () => undefined; // Ctrl-C reaches the child, too: it decides
  process.on("SIGINT", stay);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  return new Promise((resolve) => {
    child.on("error", (error) => resolve(fail(`${command}: ${error.message}`)));
    child.on("exit", (code, signal) => resolve(code ?? 128 + (system.signals[signal] ?? 1)));
  });
}

function fail(message) {
  console.error(message);
  return 1;
}
