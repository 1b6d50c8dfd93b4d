// error: no exact matches in call to instance method 'appendInterpolation'
import ThresholdSigning

func misuse(_ share: borrowing KeyShare) -> String {
    "\(share)"
}
