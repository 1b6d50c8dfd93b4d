/// How to check an exported order with tools of others: OpenSSL 3 and PyJWT, run in the directory of the files.
///
/// Both prove assent only. Whether the order is in force takes the publication receipts, which ``OrderVerification`` reads.
public enum VerificationCommands {
    /// One line for a shell, which prints "Signature Verified Successfully".
    ///
    /// OpenSSL wants regular files here, no pipes.
    public static let openssl =
        "openssl pkeyutl -verify -pubin -inkey group.pem -rawin -in order.signing-input -sigfile order.sig"

    /// Five lines for Python with PyJWT and cryptography, which print the summary.
    ///
    /// The order's times are not judged, because an order is signed before it takes effect: without `options`, PyJWT also
    /// demands that the order is effective now and has not ended.
    public static let python = """
        import json, jwt
        key = jwt.PyJWK(json.load(open("group.jwk.json"))).key
        times = {"verify_nbf": False, "verify_exp": False, "verify_iat": False}
        claims = jwt.decode(open("order.jws").read(), key, algorithms=["EdDSA"], options=times)
        print(claims["summary"])

        """
}
