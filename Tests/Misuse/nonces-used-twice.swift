// error: 'nonces' consumed more than once
import ThresholdSigning

func misuse(_ share: borrowing KeyShare, _ package: SigningPackage, _ other: SigningPackage) throws {
    let nonces = SigningNonces(for: share)
    _ = try share.sign(package, with: nonces)
    _ = try share.sign(other, with: nonces)
}
