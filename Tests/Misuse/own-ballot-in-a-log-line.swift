// error: no exact matches in call to instance method 'appendInterpolation'
import ThresholdSigning

func misuse(_ ballot: borrowing OwnBallot) -> String {
    "\(ballot)"
}
