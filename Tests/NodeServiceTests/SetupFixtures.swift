import CryptoPrimitives
import NodeService

func secret(_ text: String) -> SecretBytes {
    SecretBytes(copying: Array(text.utf8))
}

/// The error a body throws, or nil.
func setupError(_ body: () throws -> Void) -> SetupError? {
    do {
        try body()
        return nil
    } catch {
        return error as? SetupError
    }
}

/// The text of a secret, for comparing in tests.
func text(of secret: borrowing SecretBytes) -> String {
    String(decoding: secret.span.indices.map { secret.span[$0] }, as: UTF8.self)
}
