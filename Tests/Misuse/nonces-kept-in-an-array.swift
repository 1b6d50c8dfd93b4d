// error: type 'SigningNonces' does not conform to protocol 'Copyable'
import ThresholdSigning

func misuse(_ share: borrowing KeyShare) -> [SigningNonces] {
    [SigningNonces(for: share)]
}
