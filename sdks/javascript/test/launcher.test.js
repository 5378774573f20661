// The launcher with stand-ins for Python programs: scripts that tell how they were called.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const LAUNCHER = fileURLToPath(new URL("../bin/puppy-cli.js", import.meta.url));
const skip = process.platform === "win32" && "the stand-ins are scripts of a shell";

/** A home with a folder on PATH; `run` starts the launcher there. */
function home(t) {
  const folder = mkdtempSync(join(tmpdir(), "launcher-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const bin = join(folder, "bin");
  mkdirSync(bin);
  symlinkSync("/bin/sh", join(folder, "python-sh")); // the launcher looks whether a script is Python's
  const run = (args, more = {}) =>
    spawnSync(process.execPath, [LAUNCHER, ...args], {
      encoding: "utf8",
      env: { HOME: folder, PATH: `${bin}:relative`, ...more },
      input: "",
    });
  return { folder, bin, run };
}

function script(path, ...lines) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, lines.join("\n") + "\n");
  chmodSync(path, 0o755);
}

const TOLD = 'echo "$0 $*"';
/** A Python without the package, or with it; `-m venv DIR` makes a folder whose pip writes puppy-cli. */
const python = (path, hasPackage = false, folder = "") =>
  script(
    path,
    "#!/bin/sh",
    'case "$*" in',
    `  -P*registry_tool.cli*) ${TOLD};;`,
    `  -P*find_spec*) exit ${hasPackage ? 0 : 1};;`,
    '  "-m venv "*) mkdir -p "$3/bin"; cp "$0" "$3/bin/python";;',
    `  "-m pip "*) d=$(dirname "$0"); printf '%s\\n' '#!${folder}/python-sh' 'echo "made $*"' >"$d/puppy-cli"; chmod +x "$d/puppy-cli";;`,
    "esac",
  );

test("the program on PATH is started with all words, and its exit code is kept", { skip }, (t) => {
  const { folder, bin, run } = home(t);
  script(join(bin, "puppy-cli"), `#!${folder}/python-sh`, TOLD, "exit 3");
  const { status, stdout } = run(["list", "a  b"]);
  assert.deepEqual([status, stdout], [3, `${bin}/puppy-cli list a  b\n`]);
});

test("another program of the name is left alone", { skip }, (t) => {
  const { bin, run } = home(t);
  script(join(bin, "puppy-cli"), "#!/bin/sh", TOLD);
  assert.deepEqual([run([]).status, run([]).stdout], [1, ""]);
});

test("the launcher on PATH never starts itself", { skip }, (t) => {
  const { bin, run } = home(t);
  symlinkSync(LAUNCHER, join(bin, "puppy-cli"));
  symlinkSync(process.execPath, join(bin, "node"));
  const { status, stderr } = run([]);
  assert.equal(status, 1);
  assert.match(stderr, /no Python 3\.11 or newer/);
});

test("a Python that has the package is used; PUPPY_CLI_PYTHON goes first", { skip }, (t) => {
  const { folder, bin, run } = home(t);
  python(join(bin, "python3"), true);
  python(join(folder, "mine"), true);
  assert.match(run(["list"]).stdout, /bin\/python3 -P -c .*registry_tool\.cli.* list\n/s);
  assert.match(run(["list"], { PUPPY_CLI_PYTHON: join(folder, "mine") }).stdout, /^\S+\/mine -P -c .* list\n/s);
});

test("a wrong PUPPY_CLI_PYTHON is told, and nothing else is tried", { skip }, (t) => {
  const { folder, bin, run } = home(t);
  python(join(bin, "python3"), true);
  python(join(folder, "bare"));
  for (const [chosen, why] of [["bare", /has no puppyai-workflow-registry/], ["nothing", /not a Python that runs/]]) {
    const { status, stdout, stderr } = run(["list"], { PUPPY_CLI_PYTHON: join(folder, chosen) });
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, why);
  }
});

test("nothing is made before it was said and agreed", { skip }, (t) => {
  const { folder, bin, run } = home(t);
  python(join(bin, "python3"));
  const { status, stdout, stderr } = run(["list"]);
  assert.deepEqual([status, stdout], [1, ""]);
  assert.match(stderr, /pipx install puppyai-workflow-registry[^]*python3 -m venv \S+\/puppy-cli\/python/);
  assert(!existsSync(join(folder, ".local")) && !existsSync(join(folder, "Library")));
});

test("an agreed environment is made, said and used from then on", { skip }, (t) => {
  const { folder, bin, run } = home(t);
  python(join(bin, "python3"), false, folder);
  for (const tool of ["mkdir", "cp", "chmod", "dirname"]) symlinkSync(`/bin/${tool}`, join(bin, tool));
  const given = { XDG_DATA_HOME: join(folder, "data"), PUPPY_CLI_INSTALL: "yes" };
  const made = run(["list"], given);
  assert.deepEqual([made.status, made.stdout], [0, "made list\n"], made.stderr);
  assert.match(made.stderr, /\$ .*python3 -m venv [^]*\$ .*pip install --quiet puppyai-workflow-registry/);
  const again = run(["list"], { XDG_DATA_HOME: given.XDG_DATA_HOME });
  assert.deepEqual([again.stdout, again.stderr], ["made list\n", ""]);
  assert.match(readFileSync(join(folder, "data/puppy-cli/python/bin/python"), "utf8"), /venv/);
});
