"""How to run a version: the exact command, Python, JavaScript, Go, curl and an agent's configuration. Pure text.

Every text is right in its language whatever the inputs hold (tests/site/test_snippets.py compiles them).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import quote

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.manifest.model import Workflow
from registry_tool.site.facts.ports import plain


@dataclass(frozen=True, slots=True)
class Snippet:
    """A way to run a version. `key` names its title among the words, `language` the one that it is written in."""

    key: str
    language: str
    text: str


def examples(workflow: Workflow) -> Object:
    """Inputs of the first test, else a placeholder for each required input."""
    if workflow.tests and workflow.tests[0].inputs:
        return dict(workflow.tests[0].inputs)
    return {
        port.name: placeholder(port.type) for port in workflow.interface.inputs if port.required
    }


def placeholder(kind: str) -> Value:
    """A value of a port's type."""
    values: dict[str, Value] = {
        "number": 1,
        "integer": 1,
        "boolean": True,
        "object": {},
        "array": [],
    }
    return values.get(kind, "…")


def snippets(workflow: Workflow, address: str, inputs: Frozen) -> tuple[Snippet, ...]:
    """Every way to run the version on these inputs, from the registry at `address`."""
    made = _SnippetFields(workflow.name, workflow.version, address, inputs)
    return (
        Snippet("run_command", "sh", made.command()),
        Snippet("run_python", "python", made.python()),
        Snippet("run_javascript", "javascript", made.javascript()),
        Snippet("run_go", "go", made.go()),
        Snippet("run_curl", "sh", made.curl()),
        Snippet("run_agent", "json", made.agent()),
    )


@dataclass(frozen=True, slots=True)
class _SnippetFields:
    name: str
    number: str
    address: str
    inputs: Frozen

    @property
    def reference(self) -> str:
        return f"{self.name}:{self.number}"

    @property
    def body(self) -> str:
        """What the API gets to execute."""
        return json.dumps(
            {"version": self.number, "inputs": dict(self.inputs), "wait": True}, ensure_ascii=False
        )

    @property
    def endpoint(self) -> str:
        return f"{self.address}/api/v1/workflows/{quote(self.name)}/execute"

    def command(self) -> str:
        parts = [f"puppy-cli run {self.reference}", f"--registry {shell(self.address)}"]
        parts += [
            f"--input {shell(f'{name}={plain(value)}')}" for name, value in self.inputs.items()
        ]
        return " \\\n  ".join(parts)

    def python(self) -> str:
        return (
            "from puppyai.workflows import WorkflowClient\n\n"
            f"client = WorkflowClient(registry_url={python(self.address)})\n"
            f"workflow = client.get_workflow({python(self.name)}, version={python(self.number)})\n"
            f"result = workflow.execute(inputs={python(dict(self.inputs))})\n"
            "print(result)"
        )

    def javascript(self) -> str:
        return (
            "import { WorkflowClient } from '@puppyai/workflow-sdk';\n\n"
            f"const client = new WorkflowClient({{ registryUrl: {javascript(self.address)} }});\n"
            f"const result = await client.execute({javascript(self.reference)}, "
            f"{javascript(dict(self.inputs))});\n"
            "console.log(result);"
        )

    def go(self) -> str:
        return (
            'package main\n\nimport (\n\t"io"\n\t"log"\n\t"net/http"\n\t"os"\n\t"strings"\n)\n\n'
            "func main() {\n"
            f"\tbody := strings.NewReader({go(self.body)})\n"
            f'\trequest, err := http.NewRequest("POST", {go(self.endpoint)}, body)\n'
            "\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n"
            '\trequest.Header.Set("Authorization", "Bearer "+os.Getenv("PUPPY_TOKEN"))\n'
            '\trequest.Header.Set("Content-Type", "application/json")\n'
            "\tresponse, err := http.DefaultClient.Do(request)\n"
            "\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n"
            "\tdefer response.Body.Close()\n"
            "\tif _, err := io.Copy(os.Stdout, response.Body); err != nil {\n\t\tlog.Fatal(err)\n\t}\n}"
        )

    def curl(self) -> str:
        return (
            f"curl --fail-with-body {shell(self.endpoint)} \\\n"
            '  --header "Authorization: Bearer $PUPPY_TOKEN" \\\n'
            "  --header 'Content-Type: application/json' \\\n"
            f"  --data {shell(self.body)}"
        )

    def agent(self) -> str:
        arguments: list[Value] = ["mcp", self.reference, "--registry", self.address]
        server: Object = {"command": "puppy-cli", "args": arguments}
        return json.dumps({"mcpServers": {self.name: server}}, ensure_ascii=False, indent=2)


def shell(text: str) -> str:
    """One word of a POSIX shell."""
    return "'" + text.replace("'", "'\\''") + "'"


def python(value: Value) -> str:
    """A Python literal."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{python(key)}: {python(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(python, value))}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def javascript(value: Value) -> str:
    """A JavaScript literal; `__proto__` would name a prototype, so it is computed."""
    if isinstance(value, dict):
        items = (f"{_property(key)}: {javascript(item)}" for key, item in value.items())
        return f"{{ {', '.join(items)} }}" if value else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(javascript, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _property(key: str) -> str:
    quoted = json.dumps(key, ensure_ascii=False)
    return f"[{quoted}]" if key == "__proto__" else quoted


def go(text: str) -> str:
    """A Go string literal, which has JSON's escapes but wants no U+007F or byte order mark inside."""
    return json.dumps(text, ensure_ascii=False).replace("\ufeff", "\\ufeff")
