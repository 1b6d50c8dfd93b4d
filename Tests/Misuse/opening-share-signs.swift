// error: value of type 'OpeningKeyShare' has no member 'sign'
import ThresholdSigning

func misuse(_ share: borrowing OpeningKeyShare, _ package: SigningPackage, _ nonces: consuming SigningNonces) throws {
    _ = try share.sign(package, with: nonces)
}
