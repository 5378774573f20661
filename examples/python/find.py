from puppyai.workflows import WorkflowClient

client = WorkflowClient("https://registry.example.com")
for summary in client.list_workflows(tag="nlp"):
    print(summary.name, summary.version, summary.description)

for version in client.versions("text-preprocessor"):
    print(version.version, version.digest, "yanked" if version.yanked else "")

workflow = client.get_workflow("text-preprocessor", version="^1.5")
for port in workflow.inputs:
    print(port.name, port.type, "required" if port.required else port.default)
