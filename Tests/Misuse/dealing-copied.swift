// error: 'dealing' consumed more than once
import ThresholdSigning

func keep(_ dealing: consuming Dealing) {}

func misuse(_ dealing: consuming Dealing) {
    keep(dealing)
    keep(dealing)
}
