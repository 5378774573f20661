from puppyai.workflows import WorkflowClient

client = WorkflowClient("https://registry.example.com", auth_token="your-token")
workflow = client.get_workflow("text-preprocessor", version="1.6.0")
run = workflow.start({"text": "Hello"}, "production", via="registry")
print(run.id, run.url)
print(run.result(timeout=60).text("clean"))
print(client.run(run.id).result().status)  # later, or in another process

again = client.execute("text-preprocessor@^1", {"text": "Hello"})  # its package is not fetched
print(again.text("clean"))
