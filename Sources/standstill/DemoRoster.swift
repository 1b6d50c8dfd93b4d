internal import Foundation
internal import NodeService

/// The cast of the demo: seven labs, four governments, one rule.
enum DemoRoster {
    struct Member: Sendable {
        let name: String
        let partyClass: String
        let legalName: String
    }

    static let labs = [
        Member(name: "lab.aster", partyClass: "lab", legalName: "Aster Research Ltd"),
        Member(name: "lab.borealis", partyClass: "lab", legalName: "Borealis AI GmbH"),
        Member(name: "lab.cygnus", partyClass: "lab", legalName: "Cygnus Labs SA"),
        Member(name: "lab.dorado", partyClass: "lab", legalName: "Dorado Systems Inc"),
        Member(name: "lab.eridani", partyClass: "lab", legalName: "Eridani Compute KK"),
        Member(name: "lab.fornax", partyClass: "lab", legalName: "Fornax Models BV"),
        Member(name: "lab.grus", partyClass: "lab", legalName: "Grus Intelligence AB"),
    ]
    static let governments = [
        Member(name: "gov.arland", partyClass: "government", legalName: "Republic of Arland"),
        Member(name: "gov.borovia", partyClass: "government", legalName: "Kingdom of Borovia"),
        Member(name: "gov.cadia", partyClass: "government", legalName: "Cadian Federation"),
        Member(name: "gov.union", partyClass: "government", legalName: "The Union"),
    ]
    static let everyone = labs + governments

    /// What the motion is about, and for how long.
    static let scope = "training-runs=above 1e26 operations"
    static let duration = "90d"
    /// The government that votes in advance and is switched off before there is a motion.
    static let dark = "gov.cadia"
    static let standingCondition = "5 of lab and 2 of government"
    /// Who votes only when the victim is gone, if that is to be gone before ballots are opened.
    static let last = "gov.borovia"
    /// The lab that declines.
    static let declining = "lab.grus"
    /// The lab that agrees on a condition, which holds only when the ballot of the lab that is gone counts.
    static let conditional = "lab.cygnus"
    static let condition = "6 of lab and 2 of government"
    /// Who proposes: a government, which the demo never kills.
    static let proposer = "gov.union"
    /// Whose view of the events is shown.
    static let reporter = "gov.arland"
    /// The government that declines the second motion.
    static let reluctant = "gov.borovia"

    /// The labs that agree: any of them may be killed.
    static var agreeing: [String] {
        labs.map(\.name).filter { $0 != declining }
    }
}

/// When in the motion the demo kills its victim.
enum DemoPhase: String, CaseIterable, Sendable {
    case certified, opened, offered, packaged, signed, ordered

    /// Whether this event is the moment: the victim's own step, or one that only a coordinator takes.
    func isReached(by event: NodeEvent, victim: String) -> Bool {
        switch self {
        case .certified, .opened, .offered: event.key == rawValue && event.party == victim
        case .signed: event.key == "signed" && event.party == victim || event.key == "ordered"
        case .packaged, .ordered: event.key == rawValue
        }
    }
}
