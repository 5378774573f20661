from puppyai.workflows import WorkflowClient, verify_package

client = WorkflowClient("https://registry.example.com")
workflow = client.get_workflow("text-preprocessor", version="1.6.0")
path = workflow.save_package(".")
package = verify_package(path, workflow.digest)
print(package.name, package.version, sorted(package.files))
