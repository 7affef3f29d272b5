"""Signs tickets with PyJWT, as a Hub in another language does: one JSON object a line in, one token a line out."""

import json
import sys
import warnings

import jwt

warnings.simplefilter("ignore")
for line in sys.stdin:
    case = json.loads(line)
    algorithm = case.get("alg", "HS256")
    secret = None if algorithm == "none" else case["secret"]
    print(jwt.encode(case["claims"], secret, algorithm=algorithm, headers=case.get("headers")))
