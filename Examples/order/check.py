#!/usr/bin/env python3
"""Checks the files of an order from the specification alone: Python's standard library and the openssl command.

usage: check.py DIRECTORY CHARTER-SHA256

Written from Protocol §3, §6, §7, §8 and §11, and not from the Swift sources, so that the two can be compared. It leaves to the
program what a charter may not say, the limits of a motion, and points outside the prime-order group. Under `opening guaranteed` it
makes every sealed ballot again with the arithmetic of Protocol/vectors/sealed-ballots.py.
"""
import base64, hashlib, importlib.util, json, re, subprocess, sys, tempfile, types
from pathlib import Path


def unb64(text):
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    assert base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == text, "not the only spelling of base64url"
    return raw


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def openssl(key, message, signature):
    der = bytes.fromhex("302a300506032b6570032100") + key
    with tempfile.TemporaryDirectory() as folder:
        for name, data in (("key", der), ("message", message), ("signature", signature)):
            Path(folder, name).write_bytes(data)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", f"{folder}/key", "-rawin",
                   "-in", f"{folder}/message", "-sigfile", f"{folder}/signature"]
        return subprocess.run(command, capture_output=True).returncode == 0


class Item:
    """One compact JWS in its only spelling."""

    def __init__(self, text):
        header, payload, signature = text.split(".")
        self.input = f"{header}.{payload}".encode()
        self.id = sha256(self.input)
        self.header, self.payload = (json.loads(unb64(part)) for part in (header, payload))
        for part, value in ((header, self.header), (payload, self.payload)):
            assert canonical(value) == unb64(part), "not canonical"
        assert list(self.header) == ["alg", "kid", "typ"] and self.header["alg"] == "EdDSA"
        self.kind = self.header["typ"].removeprefix("standstill-")
        self.signature = unb64(signature)

    def verify(self, key):
        assert openssl(key, self.input, self.signature), f"wrong signature on {self.kind} {self.id}"


def thumbprint(key):
    x = base64.urlsafe_b64encode(key).rstrip(b"=").decode()
    digest = hashlib.sha256(canonical({"crv": "Ed25519", "kty": "OKP", "x": x})).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class Charter:
    def __init__(self, data):
        self.id = sha256(data)
        self.keys, self.groups, self.rules, self.opening, self.notice = {}, {}, {}, "", None
        for line in data.decode().splitlines():
            words = line.split()
            if words[:1] == ["party"]:
                self.keys[words[1]] = unb64(words[3].removeprefix("ed25519:"))
            if words[:1] == ["group"]:
                needed = {"all": len(words) - 3, "any": 1}.get(words[2]) or int(words[2])
                self.groups[words[1]] = (needed, words[3:])
            if words[:1] == ["rule"]:
                self.rules[words[1]] = words[2]
            if words[:1] == ["opening"]:
                self.opening = words[1]
            if words[:2] == ["limit", "standing-notice"]:
                self.notice = words[2]

    def text(self, name):
        """A rule in its one spelling (Protocol §4.1), from the group that it stands on."""
        if name not in self.groups:
            return name
        needed, members = self.groups[name]
        return f"{needed}of({','.join(map(self.text, members))})"

    def members(self, name):
        if name not in self.groups:
            return {name}
        return set().union(*map(self.members, self.groups[name][1]))

    def met(self, name, parties):
        if name not in self.groups:
            return name in parties
        needed, members = self.groups[name]
        return sum(self.met(member, parties) for member in members) >= needed


def holds(condition, agreeing):
    """A name, or Kof(...) over conditions; "" is no condition."""
    match = re.fullmatch(r"(\d+)of\((.*)\)", condition)
    if not match:
        return condition == "" or condition in agreeing
    parts, depth = [""], 0
    for character in match[2]:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return sum(holds(part, agreeing) for part in parts) >= int(match[1])


def digest_seal(told, charter, group, rule):
    """Protocol §6.9 under `opening self`."""
    content = {name: told[name] for name in ("ballot", "charter", "motion", "party", "salt")}
    return sha256(b"STANDSTILL-BALLOT-v1" + canonical(content))


def sealed_seal(told, charter, group, rule):
    """Protocol §6.9 under `opening guaranteed`: ballot and salt make the whole ciphertext again."""
    path = Path(__file__).resolve().parents[2] / "Protocol/vectors/sealed-ballots.py"
    spec = importlib.util.spec_from_file_location("sealed_ballots", path)
    math = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(math)
    h, policy = math.point(group["open"]), math.policy_hash(charter.text(charter.rules["open"]))
    key = types.SimpleNamespace(h=h, bytes=math.encode(h) + policy)
    names = {name: told[name] for name in ("charter", "motion", "party")}
    names |= {"motion": told["pattern"]} if told["pattern"] else {}
    tag = b"STANDSTILL-STANDING-BALLOT-LABEL-v1" if told["pattern"] else b"STANDSTILL-SEALED-BALLOT-LABEL-v1"
    names |= {"rule": rule, "rule_policy_hash": math.policy_hash(charter.text(charter.rules[rule])).hex()}
    label = math.label(names, tag)
    salt = unb64(told["salt"])
    sealed = math.seal(key, label, salt + canonical(told["ballot"]), salt)[1]
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


PATTERN = ("action", "longest", "rule", "serial", "terms", "until")


def matches(ballot, motion):
    """Whether a standing ballot is for this motion (Protocol §7.11)."""
    alike = all(ballot[name] == motion[name] for name in ("action", "rule", "terms"))
    return alike and motion["end"] - motion["effective"] <= ballot["longest"] and motion["commitBy"] <= ballot["until"]


def main(folder, pin):
    folder = Path(folder)
    charter = Charter((folder / "charter").read_bytes())
    assert charter.id == pin, f"this is charter {charter.id}"

    keys = [Item(line) for line in (folder / "keys.jws").read_text().splitlines()]
    records = [item for item in keys if item.kind == "key-record"]
    for item in records:
        item.verify(charter.keys[item.payload["party"]])
    signers = {}
    for item in records:
        name = (item.payload["attempt"], canonical(item.payload["keys"]))
        signers.setdefault(name, (set(), item.payload["keys"]))[0].add(item.payload["party"])
    shared = [record for parties, record in signers.values() if parties == set(charter.keys)]
    assert len(shared) == 1, "a key record is missing, or key records differ"
    group = {key["rule"]: unb64(key["key"]) for key in shared[0]}
    transcripts = {key["rule"]: key["transcript"] for key in shared[0]}
    proven = set()
    for item in keys:
        rule = item.payload.get("rule")
        if item.kind == "key-proof" and item.payload["transcript"] == transcripts[rule]:
            item.verify(group[rule])
            proven.add(rule)
    assert proven == set(group) - ({"open"} if charter.opening == "guaranteed" else set()), "a key proof is missing"

    order = Item((folder / "order.jws").read_text())
    claims = order.payload
    assert claims["iss"] == charter.id and order.header["kid"] == thumbprint(group[claims["rule"]])
    order.verify(group[claims["rule"]])
    digest = sha256(canonical(claims))

    record = [Item(line) for line in (folder / "record.jws").read_text().splitlines()]
    for item in record:
        assert item.payload["charter"] == charter.id and item.header["kid"] == item.payload["party"]
        item.verify(charter.keys[item.payload["party"]])
    of = lambda kind: [item for item in record if item.kind == kind]

    motion = next(item for item in of("motion") if item.id == claims["jti"])
    says = motion.payload
    expected = {name: says[name] for name in ("action", "prev", "round", "rule", "seq", "summary")}
    expected |= {"iss": charter.id, "jti": motion.id, "iat": says["at"], "nbf": says["effective"], "exp": says["end"],
                 "terms": sha256(canonical(says["terms"]))}
    assert claims == expected, "the order does not say what the motion proposed"

    quorum = lambda parties: charter.met(charter.rules["record"], parties)
    assert quorum({item.payload["party"] for item in of("close")}), "not closed"
    seal_of = sealed_seal if charter.opening == "guaranteed" else digest_seal
    ballots = {}
    standing = [item for item in of("standing-ballot") if charter.notice and matches(item.payload, says)]
    voters = charter.members(charter.rules[claims["rule"]])
    for commitment in (item for item in of("commitment") + standing if item.payload["party"] in voters):
        if commitment in standing:
            kind, named = "standing-receipt", lambda receipt: receipt["statement"]
        else:
            kind, named = "receipt", lambda receipt: receipt["commitments"].get(commitment.payload["party"])
        seen = {r.payload["party"] for r in of(kind) if r.payload["motion"] == motion.id and named(r.payload) == commitment.id}
        opening = next((o for o in of("opening") if o.payload["commitment"] == commitment.id), None)
        if not quorum(seen) or opening is None:
            continue
        # Whoever says it, it is the ballot of the commitment's author.
        told = opening.payload | {"party": commitment.payload["party"], "pattern": None}
        if commitment in standing:
            told["pattern"] = sha256(canonical({name: commitment.payload[name] for name in PATTERN}))
        assert charter.opening == "guaranteed" or opening.payload["party"] == told["party"], "another's opening"
        seal = seal_of(told, charter, group, claims["rule"])
        assert seal == commitment.payload["seal"], "an opening does not fit its seal"
        ballots.setdefault(told["party"], []).append(told["ballot"])
    # Whoever has several ballots agrees if one of them does.
    conditions = {party: [ballot["condition"] for ballot in cast if ballot["answer"] == "agree"]
                  for party, cast in ballots.items()}
    agreeing = {party for party in conditions if conditions[party]}
    while True:
        stay = {party for party in agreeing if any(holds(condition, agreeing) for condition in conditions[party])}
        if stay == agreeing:
            break
        agreeing = stay
    assert charter.met(charter.rules[claims["rule"]], agreeing), "the rule is not met"

    published = {item.payload["party"] for item in of("publication-receipt")
                 if item.payload["order"] == digest and item.payload["at"] < says["publishBy"]}
    assert quorum(published), "not published in time"
    print(f"order {digest}: agreed by {', '.join(sorted(agreeing))}; published by {', '.join(sorted(published))}")
    print(claims["summary"])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
