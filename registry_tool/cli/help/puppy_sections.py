"""The commands of `puppy-cli` as its help shows them; a test holds the words in step with the commands."""

from __future__ import annotations

from registry_tool.cli.help.section import Section

SECTIONS = (
    Section(
        "Write",
        "puppy-cli init my-workflow && puppy-cli dev my-workflow --watch",
        {
            "init": "Start a project that validates, tests and builds at once",
            "dev": "Check a project and run its tests on recorded answers",
            "validate": "Check a project (or a published version's folder) against every rule",
            "test": "Run a workflow's own tests, on recorded answers by default",
            "fmt": "Lay out manifests alike",
            "docs": "What an edge type does",
            "explain": "Say what a run would do, without running it",
            "import": "Turn an editor's export into a project",
            "export": "Write a workflow as a file that an editor opens, or as a Python script",
            "build": "Build NAME-VERSION.wfpkg from a project",
            "verify": "Check that a package or version is what it says",
        },
    ),
    Section(
        "Keep current",
        "puppy-cli update --dry-run",
        {
            "add": "Require a workflow",
            "outdated": "Which required workflows have newer versions",
            "update": "Lock the newest versions that the ranges admit, of all required workflows or of the NAMES",
        },
    ),
    Section(
        "Publish",
        "puppy-cli publish my-workflow --dry-run",
        {
            "login": "Log in to a forge",
            "logout": "Forget the token for a forge, wherever it was kept",
            "whoami": "Ask the forge who it takes you for",
            "publish": "Publish a project's version",
        },
    ),
    Section(
        "Find",
        "puppy-cli search sentiment",
        {
            "list": "List the workflows of a registry",
            "search": "Find workflows as the catalogue's search does",
            "info": "What a workflow is, takes and gives",
            "versions": "All versions of a workflow, newest first",
            "diff": "What changed between two versions, and the release that it asks for",
            "bisect": "Find the version, dependency or model that broke a test",
            "sbom": "What a workflow is made of and asks, with all that it may call, as a CycloneDX document",
            "tree": "The dependencies of a workflow, as they would be chosen now",
            "install": "Put workflows and their dependencies into a project, and lock them",
            "bundle": "Write a workflow, all that it may call and its recorded answers into one file",
        },
    ),
    Section(
        "Run",
        'puppy-cli run sentiment-analysis --input text="What a lovely day"',
        {
            "run": "Run a workflow here",
            "batch": "Run a workflow over many inputs",
            "batch-merge": "Unite the ledgers of a batch's shards",
            "mcp": "Offer workflows as tools of an MCP server over standard input and output",
            "skill": "Write an agent's skill for this program into a folder such as .claude/skills",
        },
    ),
    Section(
        "Operate",
        "puppy-cli deploy sentiment-analysis:1.2.0 --env staging",
        {
            "deploy": "Bring a published version into an environment",
            "promote": "Go on with a rollout that waits for a human",
            "rollback": "Serve the version again that served before, at once",
            "pause": "Keep a rollout at its present share until `resume`",
            "resume": "Let a paused rollout go on",
            "status": "What serves where, with which share, since when and by whom",
            "runs": "Which runs there were, and how they went",
            "logs": "The logs of a workflow's runs in an environment, kept on this machine",
            "seal": "Print a request for a dispatch whose inputs only the environment's job can read, for one run",
        },
    ),
    Section(
        "Settings",
        "puppy-cli completion install",
        {
            "config": "Your settings and the project's",
            "completion": "Completion by Tab in bash, zsh and fish",
            "man": "Write a manual page of every command into a folder such as ~/.local/share/man/man1",
            "models": "The embedded models",
            "doctor": "Say what is missing on this machine and how to get it",
        },
    ),
)
