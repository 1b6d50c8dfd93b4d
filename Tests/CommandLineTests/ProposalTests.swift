import Testing

@testable import PauseAgreement
@testable import standstill

/// What `motion propose` says of a renewal or a lifting before it is signed.
@Suite struct ProposalTests {
    private func order(_ action: String, _ state: String) -> OrderStatus {
        OrderStatus(
            seq: 1,
            round: 1,
            motion: "00",
            digest: "00",
            action: action,
            effective: "2027-01-01T00:00:00Z",
            end: "2027-04-01T00:00:00Z",
            state: state
        )
    }

    @Test(arguments: ["renew", "lift"])
    func `without a pause in force or to come there is nothing to renew or lift`(action: String) {
        let warning = "WARNING: no pause is in force or to come, so there is nothing to \(action)"
        #expect(MotionProposeCommand.warning(action: action, orders: []) == warning)
        let past = [order("start", "ended"), order("renew", "replaced"), order("lift", "in-force")]
        #expect(MotionProposeCommand.warning(action: action, orders: past) == warning)
        for order in [order("start", "in-force"), order("renew", "not-yet")] {
            #expect(MotionProposeCommand.warning(action: action, orders: past + [order]) == nil)
        }
        #expect(MotionProposeCommand.warning(action: "start", orders: []) == nil)
    }
}
