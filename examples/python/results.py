from dataclasses import dataclass

from puppyai.workflows import WorkflowClient


@dataclass
class Stats:
    characters: int
    words: int


client = WorkflowClient("https://registry.example.com")
workflow = client.get_workflow("text-preprocessor")
result = workflow.execute({"text": "<p>Hello,  <b>world</b>!</p>"})

print(result.clean)  # any output as an attribute, as JSON
print(result.text("clean").upper())  # a str
print(result.number("stats", "words") + 1)  # a float, below an output
print(result.decode("stats", Stats).characters)  # your own type
print(result.status, result.seconds, result.usage.calls)
