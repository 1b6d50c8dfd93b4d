internal import CryptoPrimitives
internal import PauseAgreement
internal import QuorumPolicy

/// Signers that have recovered their shares, kept from one run of an assembly for the next.
///
/// They keep no nonces, so that a run with a signer from here is the run with a new one.
package final class SignerPool {
    private final class Place {
        var signer: Signer?
    }

    private var places: [PartyName: Place] = [:]

    package init() {}

    /// A signer of the party, if one was given back.
    func take(_ party: PartyName) -> Signer? {
        guard let place = places[party] else { return nil }
        return place.signer.take()
    }

    /// One whose node ended before it had recovered its shares is of no use.
    func giveBack(_ signer: consuming Signer) {
        guard signer.holdsShares else { return }
        let party = signer.party
        let place = places[party] ?? Place()
        place.signer = consume signer
        places[party] = place
    }
}
