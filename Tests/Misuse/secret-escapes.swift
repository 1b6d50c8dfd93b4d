// error: lifetime-dependent
import CryptoPrimitives

func misuse() -> [UInt8] {
    let span: Span<UInt8>
    do {
        let secret = SecretBytes.random(count: 32)
        span = secret.span
    }
    return [span[0]]
}
