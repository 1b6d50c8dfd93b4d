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

/// `make fuzz` sets it: the program that libFuzzer drives has no main function, which needs an unsafe flag.
let isFuzzing = Context.environment["STANDSTILL_FUZZ"] != nil

let fuzzing: [Target] = [
    .executableTarget(
        name: "fuzzing",
        dependencies: ["FuzzTargets"],
        path: "Tests/Fuzzing",
        swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]
    )
]

let package = Package(
    name: "standstill",
    products: [
        .library(name: "ThresholdSigning", targets: ["ThresholdSigning", "QuorumPolicy", "CryptoPrimitives"]),
        .library(name: "PauseEvidence", targets: ["PauseEvidence", "SignedStatements"]),
        .executable(name: "standstill", targets: ["standstill"]),
        .executable(name: "benchmarks", targets: ["benchmarks"]),
        // For tests only: what the end-to-end tests load into the nodes they let fail.
        .library(name: "FaultInjection", type: .dynamic, targets: ["FaultInjection"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-async-algorithms.git", from: "1.1.4"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    ],
    targets: [
        // Floor 0
        .systemLibrary(
            name: "CSodium",
            pkgConfig: "libsodium",
            providers: [.apt(["libsodium-dev"]), .brew(["libsodium"])]
        ),

        .systemLibrary(name: "CSystemCalls"),

        // Floor 1
        .target(name: "CryptoPrimitives", dependencies: ["CSodium"], swiftSettings: strict),
        .target(name: "QuorumPolicy", swiftSettings: strict),
        .target(name: "SeededNumbers", swiftSettings: strict),
        .target(name: "SystemCalls", dependencies: ["CSystemCalls"], swiftSettings: strict),

        // Floor 2
        .target(name: "ThresholdSigning", dependencies: ["CryptoPrimitives", "QuorumPolicy"], swiftSettings: strict),
        .target(name: "NoiseSession", dependencies: ["CryptoPrimitives"], swiftSettings: strict),
        .target(name: "SignedStatements", dependencies: ["CryptoPrimitives", "QuorumPolicy"], swiftSettings: strict),

        // Floor 3
        .target(
            name: "BallotSealing",
            dependencies: ["CryptoPrimitives", "QuorumPolicy", "ThresholdSigning", "SignedStatements"],
            swiftSettings: strict
        ),
        .target(
            name: "PeerProtocol",
            dependencies: ["CryptoPrimitives", "QuorumPolicy", "NoiseSession"],
            swiftSettings: strict
        ),

        // Floor 4
        .target(
            name: "PauseAgreement",
            dependencies: [
                "CryptoPrimitives", "QuorumPolicy", "ThresholdSigning", "SignedStatements", "BallotSealing",
            ],
            swiftSettings: strict
        ),
        .target(
            name: "PauseEvidence",
            dependencies: [
                "CryptoPrimitives", "QuorumPolicy", "ThresholdSigning", "SignedStatements", "BallotSealing",
            ],
            swiftSettings: strict
        ),

        // Floor 5
        .target(
            name: "ScenarioSimulation",
            dependencies: [
                "CryptoPrimitives", "QuorumPolicy", "SeededNumbers", "ThresholdSigning", "SignedStatements",
                "PauseAgreement",
                "PeerProtocol",
            ],
            swiftSettings: strict
        ),

        // Floor 6
        .target(
            name: "NodeStore",
            dependencies: [
                "CryptoPrimitives", "QuorumPolicy", "SignedStatements", "SystemCalls",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "NodeNetwork",
            dependencies: [
                "CryptoPrimitives", "QuorumPolicy", "NoiseSession", "PeerProtocol", "SystemCalls",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),

        // Floor 7
        .target(
            name: "NodeService",
            dependencies: [
                "CryptoPrimitives", "QuorumPolicy", "SignedStatements", "PauseAgreement", "PauseEvidence",
                "PeerProtocol", "NodeStore", "NodeNetwork", "SystemCalls",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "AsyncAlgorithms", package: "swift-async-algorithms"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict
        ),

        // Floor 8
        .executableTarget(
            name: "standstill",
            dependencies: [
                "CryptoPrimitives", "QuorumPolicy", "SignedStatements", "PauseAgreement", "PauseEvidence",
                "NodeStore", "NodeNetwork", "NodeService", "ScenarioSimulation", "SystemCalls",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                "CryptoPrimitives", "QuorumPolicy", "ThresholdSigning", "SignedStatements", "PauseAgreement",
                "NodeStore", "NodeService", "ScenarioSimulation", "AssemblySupport",
            ],
            swiftSettings: strict
        ),

        // Tests
        .target(
            name: "TestSupport",
            dependencies: ["SeededNumbers"],
            path: "Tests/TestSupport",
            swiftSettings: strict
        ),
        .target(
            name: "AssemblySupport",
            dependencies: ["TestSupport", "CryptoPrimitives", "QuorumPolicy", "SignedStatements", "PauseAgreement"],
            path: "Tests/AssemblySupport",
            swiftSettings: strict
        ),
        .testTarget(
            name: "CryptoPrimitivesTests",
            dependencies: ["CryptoPrimitives", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(name: "QuorumPolicyTests", dependencies: ["QuorumPolicy", "SeededNumbers"], swiftSettings: strict),
        .testTarget(
            name: "ThresholdSigningTests",
            dependencies: ["CryptoPrimitives", "QuorumPolicy", "ThresholdSigning", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SignedStatementsTests",
            dependencies: ["SignedStatements", "QuorumPolicy", "CryptoPrimitives", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "NoiseSessionTests",
            dependencies: ["NoiseSession", "CryptoPrimitives", "SeededNumbers"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PeerProtocolTests",
            dependencies: ["PeerProtocol", "NoiseSession", "CryptoPrimitives", "SeededNumbers"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SystemCallsTests",
            dependencies: ["SystemCalls", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "NodeStoreTests",
            dependencies: [
                "NodeStore", "CryptoPrimitives", "QuorumPolicy", "SignedStatements", "SystemCalls", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "NodeNetworkTests",
            dependencies: [
                "NodeNetwork", "PeerProtocol", "CryptoPrimitives",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "NodeServiceTests",
            dependencies: [
                "NodeService", "NodeStore", "NodeNetwork", "PeerProtocol", "PauseAgreement", "PauseEvidence",
                "CryptoPrimitives", "QuorumPolicy", "SignedStatements", "SystemCalls", "AssemblySupport", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "standstill", "NodeService", "AssemblySupport", "TestSupport", "PauseEvidence", "PauseAgreement",
                "CryptoPrimitives", "QuorumPolicy", "SignedStatements",
            ],
            exclude: ["Transcripts"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CatchUpTests",
            dependencies: [
                "AssemblySupport", "PauseAgreement", "PeerProtocol", "CryptoPrimitives", "QuorumPolicy",
                "SignedStatements",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ScenarioSimulationTests",
            dependencies: [
                "ScenarioSimulation", "CryptoPrimitives", "QuorumPolicy", "SignedStatements", "PauseAgreement",
                "TestSupport",
            ],
            swiftSettings: strict
        ),
        .target(name: "FaultInjection", path: "Tests/FaultInjection"),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "standstill", "CryptoPrimitives", "NodeService", "PauseAgreement", "QuorumPolicy", "SignedStatements",
                "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "TidyTests", swiftSettings: strict),
        .target(
            name: "HostilePeer",
            dependencies: [
                "CryptoPrimitives", "QuorumPolicy", "NoiseSession", "SignedStatements", "PauseAgreement",
                "PeerProtocol",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/HostilePeer",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "hostile-peer",
            dependencies: ["HostilePeer", "PeerProtocol", "QuorumPolicy", "SignedStatements"],
            path: "Tests/HostilePeerProgram",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "trap",
            dependencies: ["CryptoPrimitives", "NodeService"],
            path: "Tests/TrapProgram",
            swiftSettings: strict
        ),
        .testTarget(
            name: "HostilePeerTests",
            dependencies: [
                "HostilePeer", "hostile-peer", "standstill", "trap", "TestSupport", "CryptoPrimitives", "QuorumPolicy",
                "SignedStatements", "PauseAgreement", "PeerProtocol", "NodeStore", "NodeService",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "TestSupport", "AssemblySupport", "HostilePeer", "CryptoPrimitives", "QuorumPolicy", "NoiseSession",
                "ThresholdSigning", "SignedStatements", "BallotSealing", "PauseAgreement", "PauseEvidence",
                "PeerProtocol", "NodeStore", "NodeService",
            ],
            path: "Tests/FuzzTargets",
            swiftSettings: strict
        ),
        .testTarget(
            name: "FuzzRegressionTests",
            dependencies: [
                "FuzzTargets", "AssemblySupport", "TestSupport", "CryptoPrimitives", "QuorumPolicy", "SignedStatements",
                "PauseAgreement", "PauseEvidence", "PeerProtocol", "NodeStore", "NodeService",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PauseEvidenceTests",
            dependencies: [
                "PauseEvidence", "AssemblySupport", "TestSupport", "PauseAgreement", "CryptoPrimitives", "QuorumPolicy",
                "SignedStatements", "ThresholdSigning",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PauseAgreementTests",
            dependencies: [
                "AssemblySupport", "TestSupport", "PauseAgreement", "PauseEvidence", "CryptoPrimitives", "QuorumPolicy",
                "SignedStatements", "ThresholdSigning", "BallotSealing",
            ],
            swiftSettings: strict
        ),
    ] + (isFuzzing ? fuzzing : [])
)
