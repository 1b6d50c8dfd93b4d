/// A value whose signature was checked; only this module can make one.
///
/// Made by ``Charter/verify(_:)``, ``StatementDraft/signed(by:in:)``, ``Order/verified(by:)`` and ``KeyProof/verified(by:)``;
/// at a restart also from rows of the node's own journal, whose signatures were checked before they were written.
@dynamicMemberLookup
public struct Verified<Value: Sendable>: Sendable {
    /// The value itself.
    public let value: Value

    init(trusted value: Value) {
        self.value = value
    }

    /// Takes a value as verified **without checking its signature**.
    ///
    /// Right for one caller only, the replay of a node's own journal: each of its rows carries a link under a key that
    /// follows from the party's seed, and a row whose link is right was written by this party's node after it had verified
    /// the signature. For anything from a peer, a file or a person this accepts forgeries.
    package init(uncheckedFromOwnJournal value: Value) {
        self.value = value
    }

    /// The properties of the value.
    public subscript<Property>(dynamicMember path: KeyPath<Value, Property>) -> Property { value[keyPath: path] }
}

extension Verified: Equatable where Value: Equatable {}
extension Verified: Hashable where Value: Hashable {}
