import CryptoPrimitives
import QuorumPolicy
import Testing

@testable import SignedStatements

@Suite struct CompactJWSTests {
    private static let header = #"{"alg":"EdDSA","kid":"lab.aster","typ":"standstill-close"}"#

    private func fault(of text: String) -> StatementError? {
        do {
            _ = try CompactJWS(decoding: text)
            return nil
        } catch {
            return error
        }
    }

    @Test func `the signature of RFC 8037 A.4 verifies and its header is refused`() throws {
        let input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
        let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        let seed = try #require(Base64URL.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"))
        let key = Ed25519SigningKey(seed: SecretBytes(copying: seed))
        let publicKey = key.publicKey
        #expect(Base64URL.encode(publicKey.bytes.array) == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
        #expect(Base64URL.encode(key.sign(Array(input.utf8))) == signature)
        let bytes = try #require(Base64URL.decode(signature))
        #expect(Ed25519.verify(bytes, of: Array(input.utf8), by: publicKey))
        #expect(fault(of: input + "." + signature) == .compact(.headerMembers))
    }

    @Test(arguments: [
        #"{"alg":"EdDSA","kid":"lab.aster"}"#,
        #"{"alg":"EdDSA","crit":["b64"],"kid":"lab.aster","typ":"standstill-close"}"#,
        #"{"alg":"EdDSA","kid":"lab.aster","typ":"standstill-close","zip":"DEF"}"#,
        #"{"alg":"EdDSA","kid":1,"typ":"standstill-close"}"#,
        #"["EdDSA"]"#,
    ])
    func `a header with other members is refused`(header: String) {
        #expect(fault(of: forged(header: header, payload: "{}", by: "lab.aster")) == .compact(.headerMembers))
    }

    @Test(arguments: ["none", "HS256", "Ed25519", "eddsa", ""])
    func `no algorithm but EdDSA is accepted`(algorithm: String) {
        let header = Self.header.replacing("EdDSA", with: algorithm)
        #expect(fault(of: forged(header: header, payload: "{}", by: "lab.aster")) == .compact(.algorithm(algorithm)))
    }

    @Test(arguments: [
        #"{"kid":"lab.aster","alg":"EdDSA","typ":"standstill-close"}"#,
        #"{ "alg":"EdDSA","kid":"lab.aster","typ":"standstill-close"}"#,
        #"{"alg":"EdDSA","alg":"EdDSA","kid":"lab.aster","typ":"standstill-close"}"#,
        #"{"alg":"Ed\u0044SA","kid":"lab.aster","typ":"standstill-close"}"#,
    ])
    func `a header in another spelling is refused`(header: String) {
        let found = fault(of: forged(header: header, payload: "{}", by: "lab.aster"))
        guard case .json? = found else {
            Issue.record("\(String(describing: found))")
            return
        }
    }

    @Test func `anything but three canonical parts is refused`() {
        let text = forged(header: Self.header, payload: "{}", by: "lab.aster")
        #expect(fault(of: text) == nil)
        #expect(fault(of: "") == .compact(.parts(1)))
        #expect(fault(of: text + ".") == .compact(.parts(4)))
        #expect(fault(of: "." + text) == .compact(.parts(4)))
        #expect(fault(of: text + "=") == .compact(.signatureEncoding))
        #expect(fault(of: text + "\n") == .compact(.signatureEncoding))
        #expect(fault(of: String(text.dropLast())) == .compact(.signatureEncoding))
        #expect(fault(of: text.replacing(".e30.", with: ".e31.")) == .compact(.payloadEncoding))
        #expect(fault(of: text.replacing(".e30.", with: ".e30=.")) == .compact(.payloadEncoding))
        #expect(fault(of: "é" + text) == .compact(.headerEncoding))
    }

    @Test func `an item is read up to 16 KiB and a dealing up to 1 MiB`() throws {
        func text(_ kind: StatementKind, of size: Int) -> String {
            let header = Base64URL.encode(CompactJWS.Header(kid: "lab.aster", typ: kind.typ).encoded)
            let payload = String(repeating: "A", count: size - header.utf8.count - 88)
            return header + "." + payload + "." + String(repeating: "A", count: 86)
        }
        for kind in StatementKind.allCases {
            let limit = kind == .ceremonyDealing ? 1 << 20 : 16 << 10
            #expect(kind.sizeLimit == limit)
            // The payload is no statement, but its size is judged first; a length of 1 modulo 4 is not base64url.
            let fitting = [limit, limit - 1, limit - 2].map { fault(of: text(kind, of: $0)) }
            #expect(fitting.contains(nil))
            #expect(fault(of: text(kind, of: limit + 1)) == .tooLarge(count: limit + 1, limit: limit))
        }
        let long = String(repeating: "A", count: 257)
        #expect(fault(of: long + ".AA.AA") == .tooLarge(count: 257, limit: 256))
    }
}
