"""The stance of quotations: JSON lines with ``id`` and ``text`` in, JSON lines with label, score
and probabilities out.

Where a line has a ``context``, the words around the quotation, the cue of a mixed quotation
("demanded") counts too.

    python docs/examples/stance_lines.py < quotations.jsonl > stances.jsonl
"""

import json
import sys

from quotestance import Stance, StanceModel
from quotestance.training.lesson_files import find_stance_cues

rows = [json.loads(line) for line in sys.stdin]
model = StanceModel.load()
contents = [row["text"] for row in rows]
cues = find_stance_cues(contents, [row.get("context") for row in rows])
for row, chances in zip(rows, model.predict_proba(contents, cues), strict=True):
    stance = Stance(**dict(zip(model.classes_, chances.tolist(), strict=True)))
    print(json.dumps({"id": row["id"], **stance.to_dict()}))
