import Testing

/// Real nodes of the built command, on loopback or in network namespaces; one test at a time in every suite of them.
@Suite struct EndToEnd {}
