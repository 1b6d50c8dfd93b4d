// error: binary operator '==' cannot be applied to two 'SecretBytes' operands
import CryptoPrimitives

func misuse(_ left: borrowing SecretBytes, _ right: borrowing SecretBytes) -> Bool {
    left == right
}
