// error: global function 'store' requires that 'SigningNonces' conform to 'Encodable'
import ThresholdSigning

func store(_ value: some Encodable) {}

func misuse(_ share: borrowing KeyShare) {
    store(SigningNonces(for: share))
}
