"""The stance of quoted words alone: JSON lines with ``id`` and ``text`` in, JSON lines with label, score and probabilities out.

    python docs/examples/stance_lines.py < quotations.jsonl > stances.jsonl
"""

import json
import sys

from quotestance import Stance, StanceModel

rows = [json.loads(line) for line in sys.stdin]
model = StanceModel.load()
for row, chances in zip(rows, model.predict_proba([row["text"] for row in rows]), strict=True):
    stance = Stance(**dict(zip(model.classes_, chances.tolist(), strict=True)))
    print(json.dumps({"id": row["id"], **stance.to_dict()}))
