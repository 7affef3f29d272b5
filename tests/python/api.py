"""Holds a running installation against its own OpenAPI document, by schemathesis: no 5xx, no status, type or shape that is not documented.

    python3 api.py URL KEY SECONDS
"""

import sys
import time

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import checks

url, key, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
schema = schemathesis.openapi.from_url(f"{url}/api/openapi.json")
# A stream does not end; a page of the Hub's is a person's.
LEFT_OUT = ("/api/v1/events", "/api/auth/", "/webhooks/", "/api/docs")
WANTED = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
end = time.monotonic() + seconds
operations = [found.ok() for found in schema.get_all_operations()]
operations = [operation for operation in operations if not operation.path.startswith(LEFT_OUT)]
wrong, cases = [], 0

for number, operation in enumerate(operations):
    share = time.monotonic() + max(0.5, (end - time.monotonic()) / (len(operations) - number))

    @given(case=operation.as_strategy())
    @settings(
        max_examples=60,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def hold(case):
        global cases
        if time.monotonic() > share:
            return
        cases += 1
        response = case.call(base_url=url, headers={"Authorization": f"Bearer {key}"} if case.path.startswith("/api/v1/") else {})
        case.validate_response(response, checks=WANTED)

    try:
        hold()
    except BaseException as error:
        wrong.append(f"{operation.method.upper()} {operation.path}: {str(error)[:1500]}")

print(f"{len(operations)} operations, {cases} requests, {len(wrong)} wrong")
for line in wrong:
    print(line)
sys.exit(1 if wrong else 0)
