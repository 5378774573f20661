"""The commands of `registry-tool` as its help shows them; a test holds the words in step with the commands."""

from __future__ import annotations

from registry_tool.cli.help.section import Section

SECTIONS = (
    Section(
        "Start and review",
        "registry-tool check",
        {
            "new": "Start a private registry",
            "check": "Check every version of the registry",
            "check-pr": "Check what merging a branch would change",
            "evaluate": "Ask a model how each new version does beside the version before it",
            "auto-merge": "Merge routine releases whose waiting time is over",
            "yank": "Say in owners.yaml that a version (name",
            "certify": "Say in owners.yaml that a maintainer vouches for a version (name",
            "remove": "Remove a version's files for good and leave a tombstone",
        },
    ),
    Section(
        "Site",
        "registry-tool build-site --out build/site",
        {
            "index": "Regenerate the index documents",
            "build-site": "Build the static API, the packages and the catalogue site",
            "publish-site": "Check what is new, commit stale indexes and build the output",
            "refresh-stats": "Ask the forge for downloads and ratings, and commit those that changed",
            "serve": "Serve a registry live until Ctrl-C",
            "provenance": "Attestations of packages",
            "trust": "A registry's signatures (The Update Framework)",
        },
    ),
    Section(
        "Jobs of Actions",
        "registry-tool due",
        {
            "place": "Say which runner a run needs and for how long, before its job begins",
            "environments": "The registry's environments as one JSON list, the lowest first",
            "due": "Say which environments have work that the clock started",
            "needs": "Say what a job of an environment has to install",
            "deploy-request": "Do what a deployment's request asks for",
            "reconcile": "Complete what interrupted deployers left, and go on with rollouts that are due",
            "demand-reviewers": "Refuse a deployment whose environment must have reviewers on GitHub and has none",
            "admit": "Let a run begin, if person, plan and inputs allow it",
            "execute": "Run what an environment serves",
            "record": "Write down how an admitted run ended",
            "scheduled": "Run what is due by the schedules of registry.yaml, exactly once",
            "batch-plan": "Print the job matrix of a batch's parts",
            "batch-shard": "Run one part of a batch of what an environment serves",
            "batch-merge": "Unite the parts' ledgers into the results of all lines",
        },
    ),
    Section(
        "Keep records",
        "registry-tool audit verify",
        {
            "audit": "The audit log",
            "keys": "An environment's keys",
            "tokens": "Keys and sessions of a live registry",
            "payload": "What an encrypted run was given and gave",
            "erase": "Make what is kept of a person's runs unreadable",
            "prune": "Drop what is older than its version's `data_retention`",
            "state": "What the branches of state hold",
        },
    ),
    Section(
        "Watch",
        "registry-tool retirements --within 90d",
        {
            "monitoring": "Write the alert rules for Prometheus and the dashboard for Grafana",
            "exporter": "Serve the registry's metrics at /metrics, or push them once",
            "drift": "Ask models again what the tests of serving versions recorded",
            "notify": "Notify receivers of webhooks (`notifications` in registry",
            "vulnerabilities": "Known vulnerabilities of what the jobs install, and its licences",
            "retirements": "List what asks a model that retires soon, or is gone",
        },
    ),
    Section(
        "Settings",
        "registry-tool completion install",
        {
            "completion": "Completion by Tab in bash, zsh and fish",
            "man": "Write a manual page of every command into a folder such as ~/.local/share/man/man1",
        },
    ),
)
