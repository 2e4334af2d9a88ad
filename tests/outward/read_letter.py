"""Reads one letter as a mail program does, with Python's own parser, and fails on what it would not accept.
   python3 read_letter.py FILE WORD…      prints the text; every WORD must be in it, or in the subject
"""
import email
import email.policy
import sys

raw = open(sys.argv[1], "rb").read()
letter = email.message_from_bytes(raw, policy=email.policy.SMTP.clone(raise_on_defect=True))
assert not letter.defects, letter.defects
names = [name.lower() for name in letter.keys()]
for name in ("from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type", "content-transfer-encoding"):
    assert names.count(name) == 1, (name, names)
assert letter["auto-submitted"] == "auto-generated"
assert letter["content-transfer-encoding"] == "quoted-printable"
assert all(len(line) <= 998 for line in raw.splitlines()), "a line is too long"
text = letter.get_content()
print(letter["subject"])
print(letter["message-id"])
print(text)
for word in sys.argv[2:]:
    assert word in text or word in letter["subject"], f"not said: {word}"
