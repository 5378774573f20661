from puppyai.workflows import (
    InvalidRequestError,
    NotFoundError,
    RunFailedError,
    UnreachableError,
    WorkflowClient,
    WorkflowError,
)

client = WorkflowClient("https://registry.example.com", timeout=10, retries=3)
try:
    client.get_workflow("text-preprocesor").execute({"text": "Hello"})
except NotFoundError as error:
    print(error.reason, "-", error.hint)  # … did you mean text-preprocessor?
except InvalidRequestError as error:
    print("wrong input:", error)
except RunFailedError as error:
    print(error.result.status, error.result.blocks)
except UnreachableError:
    print("no network, or no registry there")
except WorkflowError as error:
    print(error.status, error.request_id, error.hint)
