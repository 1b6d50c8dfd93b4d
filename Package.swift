// swift-tools-version: 6.3
import PackageDescription

/// One list, applied to every target, so no target can quietly be laxer than its neighbours.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "standstill",
    products: [
        .library(name: "ThresholdSigning", targets: ["ThresholdSigning", "QuorumPolicy", "CryptoPrimitives"]),
        .library(name: "PauseEvidence", targets: ["PauseEvidence", "SignedStatements"]),
        .executable(name: "standstill", targets: ["standstill"]),
    ],
    targets: [
        .systemLibrary(
            name: "CSodium",
            pkgConfig: "libsodium",
            providers: [.apt(["libsodium-dev"]), .brew(["libsodium"])]
        ),
        .target(name: "CryptoPrimitives", dependencies: ["CSodium"], swiftSettings: strict),
        .target(name: "QuorumPolicy", swiftSettings: strict),
    ]
)
