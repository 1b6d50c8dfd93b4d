/// A value whose signature was checked; only this module can make one.
///
/// Made by ``Charter/verify(_:)``, ``StatementDraft/signed(by:in:)``, ``Order/verified(by:)`` and ``KeyProof/verified(by:)``.
@dynamicMemberLookup
public struct Verified<Value: Sendable>: Sendable {
    /// The value itself.
    public let value: Value

    init(trusted value: Value) {
        self.value = value
    }

    /// The properties of the value.
    public subscript<Property>(dynamicMember path: KeyPath<Value, Property>) -> Property { value[keyPath: path] }
}

extension Verified: Equatable where Value: Equatable {}
extension Verified: Hashable where Value: Hashable {}
