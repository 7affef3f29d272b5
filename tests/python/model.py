"""The official clients of both wires, reading what stands in for a model's provider: so the stand-in speaks what they speak.

Standard input, a line of JSON: `wire` (`anthropic` or `openai`), `base`, `key`, `model`, `question`. Prints a line of JSON: `text` and `stop`, or
`error` (the client's own name for it).
"""

import json
import sys

asked = json.loads(sys.stdin.readline())
MESSAGES = [{"role": "user", "content": asked["question"]}]


def through_anthropic():
    import anthropic

    client = anthropic.Anthropic(base_url=asked["base"], api_key=asked["key"], max_retries=0, timeout=10)
    try:
        with client.messages.stream(model=asked["model"], max_tokens=100, system="Answer.", messages=MESSAGES) as stream:
            message = stream.get_final_message()
    except anthropic.AnthropicError as error:
        return {"error": type(error).__name__}
    return {"text": "".join(block.text for block in message.content), "stop": message.stop_reason}


def through_openai():
    import openai

    client = openai.OpenAI(base_url=asked["base"] + "/v1", api_key=asked["key"], max_retries=0, timeout=10)
    text, stop = "", None
    try:
        messages = [{"role": "system", "content": "Answer."}, *MESSAGES]
        for chunk in client.chat.completions.create(model=asked["model"], max_tokens=100, messages=messages, stream=True):
            text += chunk.choices[0].delta.content or ""
            stop = chunk.choices[0].finish_reason or stop
    except openai.OpenAIError as error:
        return {"error": type(error).__name__}
    return {"text": text, "stop": stop}


print(json.dumps(through_anthropic() if asked["wire"] == "anthropic" else through_openai()))
