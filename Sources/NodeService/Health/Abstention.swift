internal import NodeStore

/// Why a node abstains, what is missing, and what its operator does about it (docs/operations.md, "Backups").
struct Abstention: Hashable, Sendable {
    /// What showed that this node may not be the only one, or not the newest, that speaks for its party.
    enum Cause: Hashable, Sendable {
        /// The directory was made by `backup restore`, and its operator has not acknowledged yet.
        case restored
        /// The journal ends at one own statement, and the high-water file knows of a later one.
        case journalBehind(journal: Int, highWater: Int)
        /// There was no high-water file beside a journal with so many own statements.
        case highWaterGone(journal: Int)
        /// So many peers say that a second node has this party's key that one of them must be honest.
        case reported(by: [String])
        /// Somebody showed a statement of this party that is not in its journal.
        case statementMadeElsewhere

        /// What the files say when a node starts; nil when they show nothing.
        init?(_ standing: HighWater.Standing, isRestored: Bool) {
            if isRestored {
                self = .restored
                return
            }
            switch standing {
            case .consistent: return nil
            case .journalBehind(let journal, let highWater):
                self = .journalBehind(journal: journal, highWater: highWater)
            case .fileMissing(let journal): self = .highWaterGone(journal: journal)
            }
        }
    }

    let cause: Cause
    /// How many statements that the party is known to have signed are not here.
    let missing: Int
    /// The peers that have not been connected since the node started.
    let unheard: [String]

    /// Cause, missing statements and peers, in one sentence.
    var found: String {
        let state =
            missing == 0
            ? "no statement of this party is known to be missing"
            : "\(missing) \(missing == 1 ? "statement" : "statements") that this party has signed "
                + "\(missing == 1 ? "is" : "are") missing here"
        let peers =
            unheard.isEmpty
            ? "every peer has been connected since the start"
            : "not connected since the start: \(NodeHealth.names(unheard))"
        return "signs nothing: \(why); \(state); \(peers)"
    }

    /// What to do, in one sentence.
    var remedy: String {
        let isComplete = missing == 0 && unheard.isEmpty
        let wait = isComplete ? "" : ", wait until the peers have connected and sent what is missing"
        return "\(precaution)\(wait), then run `standstill node acknowledge`"
    }

    private var why: String {
        switch cause {
        case .restored: "this directory was restored from a backup, which cannot know what was signed after it"
        case .journalBehind(let journal, let highWater):
            "when the node started, the journal ended at this party's statement \(journal), but `high-water` said that it "
                + "had signed \(highWater): the journal was an older copy, or had been moved away"
        case .highWaterGone(let journal):
            "when the node started, `high-water` was gone although the journal had \(journal) statements of this party, "
                + "so the journal may have been an older copy"
        case .reported(let parties):
            "another node with this party's key is alive, say \(NodeHealth.names(parties))"
        case .statementMadeElsewhere:
            "a statement of this party came from elsewhere: another node signs in its name, or this journal is an "
                + "older copy"
        }
    }

    private var precaution: String {
        switch cause {
        case .restored: "be sure that the old node does not run any more"
        case .journalBehind, .highWaterGone: "be sure that no other node has this key"
        case .reported, .statementMadeElsewhere: "stop the other node if there is one"
        }
    }
}
