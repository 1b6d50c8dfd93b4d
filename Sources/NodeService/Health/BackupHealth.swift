internal import CryptoPrimitives
internal import SignedStatements

/// Whether the last backup is one that a party could start again from.
struct BackupHealth {
    /// nil when none is known of.
    let record: BackupRecord?
    /// What is there now: SHA-256 of the key file, nil when it cannot be read.
    let key: Bytes32?
    let charter: CharterID?
    let highWater: Int
    let now: Instant

    private static let remedy = "run `standstill backup create`, and keep the file in another place than this machine"

    var finding: HealthFinding {
        guard let record else {
            return .warning(
                .backup,
                "no backup was made here: with this machine the party's key is lost",
                remedy: Self.remedy
            )
        }
        let made = "the last backup was made at \(record.made)"
        if let key, record.key != key {
            return .warning(.backup, "\(made), of another key file", remedy: Self.remedy)
        }
        if let charter, record.charter != charter {
            return .warning(.backup, "\(made), without the present charter", remedy: Self.remedy)
        }
        if now.seconds - record.made.seconds > HealthLimits.backupSeconds, highWater > record.highWater {
            return .notice(
                .backup,
                "\(made), and \(highWater - record.highWater) statements were signed since",
                remedy: Self.remedy
            )
        }
        return .ok(.backup, "\(made) (SHA-256 \(record.digest.description.prefix(16))...)")
    }
}
