#!/usr/bin/env python3
"""Computes every value of sealed-ballots.json again, from Protocol chapters 4 and 11 alone, and checks what must be refused.

usage: sealed-ballots.py [FILE]

Python's standard library and arithmetic of its own: slow, not constant in time, and for comparing only.
"""
import hashlib, json, re, struct, sys
from pathlib import Path

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1, 1, 0)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(k, p):
    total = IDENTITY
    while k:
        if k & 1:
            total = add(total, p)
        p, k = add(p, p), k >> 1
    return total


def minus(p, q):
    return add(p, (-q[0] % P, q[1], q[2], -q[3] % P))


def encode(p):
    z = pow(p[2], -1, P)
    x, y = p[0] * z % P, p[1] * z % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def on_curve(data):
    """The point of a canonical encoding (RFC 8032 §5.1.3), or None."""
    value = int.from_bytes(data, "little")
    sign, y = value >> 255, value & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT % P
    if x * x % P != square or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def point(data):
    """A point of prime order, or a refusal."""
    p = on_curve(data)
    assert p is not None and encode(p) != encode(IDENTITY) and encode(times(L, p)) == encode(IDENTITY), "no element"
    return p


def scalar(data):
    value = int.from_bytes(data, "little")
    assert value < L, "a scalar is not reduced"
    return value


def raw(value):
    return value.to_bytes(32, "little")


def sha(*parts):
    return hashlib.sha512(b"".join(parts)).digest()


def H(*parts):
    return int.from_bytes(sha(*parts), "little") % L


def u32(n):
    return struct.pack("<I", n)


def u64(n):
    return struct.pack("<Q", n)


def framed(data):
    return u64(len(data)) + data


def chacha(key, counter, nonce=bytes(12)):
    """One block of RFC 8439 §2.3."""
    start = list(struct.unpack("<16I", b"expand 32-byte k" + key + u32(counter) + nonce))
    state = start[:]

    def quarter(a, b, c, d):
        for x, y, z, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            state[x] = (state[x] + state[y]) & 0xFFFFFFFF
            value = state[z] ^ state[x]
            state[z] = (value << n | value >> 32 - n) & 0xFFFFFFFF

    for _ in range(10):
        for column in range(4):
            quarter(column, 4 + column, 8 + column, 12 + column)
        for column in range(4):
            quarter(column, 4 + (column + 1) % 4, 8 + (column + 2) % 4, 12 + (column + 3) % 4)
    return struct.pack("<16I", *((a + b) & 0xFFFFFFFF for a, b in zip(state, start)))


def stream(key, data):
    blocks = b"".join(chacha(key, 1 + i) for i in range((len(data) + 63) // 64))
    return bytes(a ^ b for a, b in zip(data, blocks))


def poly1305(key, ciphertext):
    """RFC 8439 §2.8 without associated data."""
    once = chacha(key, 0)
    r, s = int.from_bytes(once[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF, int.from_bytes(once[16:32], "little")
    data = ciphertext + bytes(-len(ciphertext) % 16) + u64(0) + u64(len(ciphertext))
    total = 0
    for start in range(0, len(data), 16):
        total = (total + int.from_bytes(data[start:start + 16] + b"\x01", "little")) * r % (2**130 - 5)
    return ((total + s) & (2**128 - 1)).to_bytes(16, "little")


B = on_curve((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def second_generator():
    i = 0
    while True:
        p = on_curve(sha(b"STANDSTILL-SECOND-GENERATOR-v1", u64(i))[:32])
        if p and encode(times(8, p)) != encode(IDENTITY):
            return times(8, p)
        i += 1


G2 = second_generator()


def policy_hash(text):
    return sha(b"STANDSTILL-POLICY-v1", framed(text.encode()))


class Rule:
    """Rows, holders and weights of a rule's leaves (chapter 4)."""

    def __init__(self, text):
        self.rows, self.names, self.columns = [], [], 1
        self.tree = self.parse(text, [])
        self.parties = list(dict.fromkeys(self.names))

    def parse(self, text, row):
        match = re.fullmatch(r"(\d+)of\((.*)\)", text)
        if not match:
            self.rows.append({0: 1, **dict(row)})
            self.names.append(text)
            return len(self.names) - 1
        threshold, parts, depth = int(match[1]), [""], 0
        for character in match[2]:
            depth += {"(": 1, ")": -1}.get(character, 0)
            if character == "," and depth == 0:
                parts.append("")
            else:
                parts[-1] += character
        first, self.columns = self.columns, self.columns + threshold - 1
        children = []
        for x, part in enumerate(parts, 1):
            own = [(first + j, pow(x, j + 1, L)) for j in range(threshold - 1)]
            children.append(self.parse(part, row + own))
        return threshold, children

    def leaves(self, participant):
        return [leaf for leaf, name in enumerate(self.names) if name == self.parties[participant - 1]]

    def weights(self, participants):
        names = {self.parties[participant - 1] for participant in participants}

        def met(node):
            return self.names[node] in names if isinstance(node, int) else sum(map(met, node[1])) >= node[0]

        result = {}

        def walk(node, weight):
            if isinstance(node, int):
                result[node] = weight
                return
            taken = [x for x, child in enumerate(node[1], 1) if met(child)]
            for x in taken:
                part = weight
                for other in taken:
                    if other != x:
                        part = part * other * pow(other - x, -1, L) % L
                walk(node[1][x - 1], part)

        assert met(self.tree), "the quorum does not meet the rule"
        walk(self.tree, 1)
        return result


class Key:
    def __init__(self, vector):
        self.rule = Rule(vector["policy"])
        self.h = point(bytes.fromhex(vector["columns"][0]))
        self.bytes = encode(self.h) + policy_hash(vector["policy"])


def label(ballot, tag=b"STANDSTILL-SEALED-BALLOT-LABEL-v1"):
    party, rule = ballot["party"].encode(), ballot["rule"].encode()
    ids = bytes.fromhex(ballot["charter"] + ballot["motion"])
    text = tag + ids + framed(party) + framed(rule)
    return framed(text + bytes.fromhex(ballot["rule_policy_hash"]))


def cipher_key(key, label, u, shared):
    return sha(b"STANDSTILL-SEALED-BALLOT-KEY-v1", encode(shared), key.bytes, label, u)[:32]


def challenge(key, label, c, *points):
    return H(b"STANDSTILL-SEALED-BALLOT-PROOF-v1", key.bytes, label, framed(c), *map(encode, points))


def seal(key, label, content, secret):
    plaintext = u32(len(content)) + content + bytes(1020 - len(content))
    r, s = (H(b"STANDSTILL-SEALED-BALLOT-RANDOMNESS-v1", secret, key.bytes, label, plaintext, u64(i)) for i in (0, 1))
    u, v = times(r, B), times(r, G2)
    k = cipher_key(key, label, encode(u), times(r, key.h))
    c = stream(k, plaintext)
    c += poly1305(k, c)
    e = challenge(key, label, c, u, times(s, B), v, times(s, G2))
    return r, encode(u) + encode(v) + raw(e) + raw((s + r * e) % L) + c


def check(key, label, sealed):
    """Refuses by an assertion; the answer is u."""
    assert len(sealed) == 1168
    u, v, e, f, c = point(sealed[:32]), point(sealed[32:64]), scalar(sealed[64:96]), scalar(sealed[96:128]), sealed[128:]
    w, w2 = minus(times(f, B), times(e, u)), minus(times(f, G2), times(e, v))
    assert e == challenge(key, label, c, u, w, v, w2), "the proof does not hold"
    return u


def read(key, label, sealed, shared):
    """The content, or None for an unreadable ballot."""
    k, c = cipher_key(key, label, sealed[:32], shared), sealed[128:]
    if poly1305(k, c[:-16]) != c[-16:]:
        return None
    plaintext = stream(k, c[:-16])
    count = struct.unpack("<I", plaintext[:4])[0]
    return plaintext[4:4 + count] if count <= 1020 and not any(plaintext[4 + count:]) else None


class Claim:
    def __init__(self, key, leaf, share, digests, bases, points):
        items = b"".join(digest + encode(p) for digest, p in zip(digests, points))
        self.hash = sha(b"STANDSTILL-OPENING-CLAIM-v1", key.bytes, u32(leaf), encode(share), u32(len(points)), items)
        weights = [1] + [H(b"STANDSTILL-OPENING-WEIGHT-v1", self.hash, u32(b)) for b in range(1, len(points))]
        self.share, self.M, self.Z = share, IDENTITY, IDENTITY
        for t, base, p in zip(weights, bases, points):
            self.M, self.Z = add(self.M, times(t, base)), add(self.Z, times(t, p))

    def challenge(self, first, second):
        return H(b"STANDSTILL-OPENING-PROOF-v1", self.hash, *map(encode, (self.M, self.Z, first, second)))

    def prove(self, x):
        k = H(b"STANDSTILL-OPENING-NONCE-v1", raw(x), self.hash)
        c = self.challenge(times(k, B), times(k, self.M))
        return raw(c) + raw((k + c * x) % L)

    def holds(self, proof):
        c, z = scalar(proof[:32]), scalar(proof[32:])
        return c == self.challenge(minus(times(z, B), times(c, self.share)), minus(times(z, self.M), times(c, self.Z)))


def refused(action):
    try:
        action()
    except AssertionError:
        return True
    return False


def run(vector):
    key = Key(vector)
    rule = key.rule
    coefficients = [scalar(bytes.fromhex(text)) for text in vector["coefficients"]]
    assert vector["policy_hash"] == policy_hash(vector["policy"]).hex() and rule.columns == len(coefficients)
    assert vector["columns"] == [encode(times(x, B)).hex() for x in coefficients]
    shares = [sum(weight * coefficients[column] for column, weight in row.items()) % L for row in rule.rows]
    publics = [times(x, B) for x in shares]
    assert vector["leaf_public_shares"] == [encode(p).hex() for p in publics]

    labels, sealed, bases, digests = [], [], [], []
    for ballot in vector["ballots"]:
        labels.append(label(ballot))
        content, secret = bytes.fromhex(ballot["content"]), bytes.fromhex(ballot["secret"])
        r, data = seal(key, labels[-1], content, secret)
        assert (raw(r).hex(), data.hex()) == (ballot["randomness"], ballot["sealed"])
        sealed.append(data)
        bases.append(check(key, labels[-1], data))
        digests.append(hashlib.sha256(b"STANDSTILL-SEALED-BALLOT-v1" + key.bytes + labels[-1] + data).digest())
        assert digests[-1].hex() == ballot["digest"] and read(key, labels[-1], data, times(r, key.h)) == content
        for index in (0, 32, 64, 96, 128, 1167):
            changed = bytearray(data)
            changed[index] ^= 1
            assert refused(lambda: check(key, labels[-1], bytes(changed))), f"byte {index} may change"
    assert refused(lambda: check(key, labels[1], sealed[0])), "a ballot can be copied"

    published = {}
    for opening in vector["openings"]:
        encoded = b""
        for leaf in rule.leaves(opening["identifier"]):
            points = [times(shares[leaf], base) for base in bases]
            claim = Claim(key, leaf, publics[leaf], digests, bases, points)
            proof = claim.prove(shares[leaf])
            assert claim.holds(proof) and not claim.holds(proof[:32] + raw((scalar(proof[32:]) + 1) % L))
            encoded += b"".join(map(encode, points)) + proof
            published[leaf] = points
        assert encoded.hex() == opening["shares"]

    weights = rule.weights(vector["quorum"])
    assert {str(leaf): raw(weight).hex() for leaf, weight in weights.items()} == vector["weights"]
    for index, ballot in enumerate(vector["ballots"]):
        shared = IDENTITY
        for leaf, weight in weights.items():
            shared = add(shared, times(weight, published[leaf][index]))
        assert read(key, labels[index], sealed[index], shared).hex() == ballot["content"]
    return len(sealed)


def main(path):
    vectors = json.loads(Path(path).read_text())
    assert vectors["second_generator"] == encode(G2).hex()
    count = sum(run(vector) for vector in vectors["vectors"])
    print(f"{count} sealed ballots computed again, {len(vectors['vectors'])} keys")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).with_name("sealed-ballots.json"))
