from puppyai.workflows import WorkflowBuilder

builder = WorkflowBuilder("greeter", "1.0.0", {"description": "Greets politely", "license": "MIT"})
builder.add_block("who").add_block("greeting")
builder.add_edge(
    "who",
    "greeting",
    "modify",
    config={"modify_type": "edit_text", "content": "{{salutation}} {{who}}!"},
)
builder.add_input("who", required=True, description="Whom to greet")
builder.add_output("greeting", description="A sentence")
builder.add_environment("production", variables={"salutation": "Good day,"})
builder.add_test("greets", {"who": "Ada"}, {"greeting": "Good day, Ada!"}, environment="production")

workflow = builder.build()
print(workflow.to_yaml())
