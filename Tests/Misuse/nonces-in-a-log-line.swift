// error: no exact matches in call to instance method 'appendInterpolation'
import ThresholdSigning

func misuse(_ nonces: borrowing SigningNonces) -> String {
    "\(nonces)"
}
