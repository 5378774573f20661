import asyncio

from puppyai.workflows import AsyncWorkflowClient


async def main() -> None:
    client = AsyncWorkflowClient("https://registry.example.com")
    workflow = await client.get_workflow("text-preprocessor")
    texts = ["One", "Two", "Three"]
    results = await asyncio.gather(*(workflow.execute({"text": text}) for text in texts))
    print([result.text("clean") for result in results])

    async with await workflow.start({"text": "Four"}) as run:
        async for event in run:
            print(event.name)


asyncio.run(main())
