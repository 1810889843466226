# Judges signatures by dkimpy, which shares no code with MimeKit. In: {"records": {name: text}, "mails": [base64, ...]}.
# Out: a list for each mail, "pass" or why not for each of its signatures, in order.
import base64, json, sys

import dkim


def judge(raw, records):
    def answer(name, timeout=5):
        text = records.get(name.decode().rstrip("."))
        return text and text.encode()

    mail = dkim.DKIM(raw, minkey=2048)
    verdicts = []
    for index in range(sum(name.lower() == b"dkim-signature" for name, _ in mail.headers)):
        try:
            verdicts.append("pass" if mail.verify(idx=index, dnsfunc=answer) else "fail")
        except dkim.DKIMException as error:
            verdicts.append(f"{type(error).__name__}: {error}")
    return verdicts


asked = json.load(sys.stdin)
json.dump([judge(base64.b64decode(mail), asked["records"]) for mail in asked["mails"]], sys.stdout)
