from puppyai.workflows import WorkflowClient

client = WorkflowClient("https://registry.example.com")
workflow = client.get_workflow("text-preprocessor")
with workflow.start({"text": "SHOUT", "lowercase": True}) as run:
    for event in run:
        print(event.time, event.level, event.name, event.metadata.get("edge", ""))
    print(run.result().clean)
