import CryptoPrimitives
import QuorumPolicy
import TestSupport
import Testing

@testable import SignedStatements

@Suite struct CharterFileTests {
    /// The pilot with one line replaced, deleted or put in front of another; fails when the line is not there.
    private func error(replacing line: String, with text: String) throws -> String? {
        let changed = Pilot.text.replacing(line + "\n", with: text)
        guard changed != Pilot.text else { throw Pilot.Missing() }
        do {
            _ = try Charter(Array(changed.utf8))
            return nil
        } catch {
            return "\(error)"
        }
    }

    private static let title = #"title       "Pilot charter for a coordinated pause of frontier training""#
    private static let labsLine =
        "group       labs          4   lab.aster lab.borealis lab.cygnus lab.dorado lab.eridani"
    private static let governmentsLine = "group       governments   3   gov.arland gov.borovia gov.cadia gov.union"

    @Test func `the pilot reads as it stands`() throws {
        let charter = try Pilot.charter()
        #expect(charter.id == CharterID(SHA256.hash(Array(Pilot.text.utf8))))
        #expect(charter.network == "frontier-pause-pilot")
        #expect(charter.version == 1)
        #expect(charter.previous == nil)
        #expect(charter.expires.description == "2027-12-01T00:00:00Z")
        #expect(charter.annexes.map(\.label) == ["A"])
        #expect(charter.parties.map(\.name.text) == Pilot.labs + Pilot.governments + [Pilot.observer])
        let aster = try #require(charter.party(try Pilot.party("lab.aster")))
        #expect(aster.identityKey == Pilot.signingKey(of: "lab.aster").publicKey)
        #expect(aster.legalName.text == "Legal name of lab.aster")
        #expect(aster.tags == ["hosting": "own", "jurisdiction": "Arland"])
        let both =
            "2of(4of(lab.aster,lab.borealis,lab.cygnus,lab.dorado,lab.eridani),"
            + "3of(gov.arland,gov.borovia,gov.cadia,gov.union))"
        #expect(charter.rules.map(\.tree.canonicalText) == [both, both])
        #expect(charter.recordRule.name.text == "record")
        #expect(charter.keyedRules.map(\.name.text) == ["decide"])
        #expect(charter.action(.start)?.atMost?.description == "90d")
        #expect(charter.action(.lift)?.atMost == nil)
        #expect(charter.voters == PartySet(try (Pilot.labs + Pilot.governments).map(Pilot.party)))
        #expect(charter.limits.faultBound == 2)
        #expect(charter.limits.openMotions == 2)
        #expect(charter.limits.commitWindow.description == "10m...14d")
        #expect(!charter.allowsSingleClass)
    }

    @Test func `conditions use the names of the charter`() throws {
        let vocabulary = try Pilot.charter().vocabulary
        let condition = try Condition(parsingInput: "3 of lab and gov.union and governments", with: vocabulary)
        #expect(condition.parties.contains(try Pilot.party("gov.cadia")))
    }

    @Test func `blanks between words, comments and empty lines change the id and nothing else`() throws {
        let text = Pilot.text.replacing("rule        decide      both", with: "\n# why\nrule decide both")
        let charter = try Charter(Array(text.utf8))
        #expect(charter.id != (try Pilot.charter().id))
        #expect(charter.rules.map(\.tree) == (try Pilot.charter().rules.map(\.tree)))
    }

    @Test(arguments: [
        ("\r\n", "line 1: a carriage return: end lines with a line feed only"),
        (" \n", "line 1: a blank at the end of the line: delete it"),
        ("\n title \"x\"\n", "line 2: a blank at the start of the line: delete it"),
        ("\nnetwork\tx\n", "line 2: a tab: separate words with blanks"),
        ("\n# \u{1B}[31m\n", "line 2: a control character or a mark that reorders text: delete it"),
        ("\n# \u{202E}\n", "line 2: a control character or a mark that reorders text: delete it"),
        ("\ntitle \"x\n", "line 2: a quotation mark without its partner: close the quotation in the same line"),
        ("\ntitle \"x\"y\n", "line 2: text directly at a quotation mark: put a blank between them"),
        ("\ntitle x\"y\"\n", "line 2: text directly at a quotation mark: put a blank between them"),
    ])
    func `a character that has no place in a charter is refused with its line`(text: String, expected: String) throws {
        #expect(try error(replacing: "standstill-charter v1", with: "standstill-charter v1" + text) == expected)
    }

    @Test func `a file is complete, UTF-8, bounded and starts with its header`() throws {
        func fault(_ bytes: [UInt8]) -> String {
            do {
                _ = try Charter(bytes)
                return ""
            } catch {
                return "\(error)"
            }
        }
        let text = Array(Pilot.text.utf8)
        let whole = "the file does not end with a line feed: add one and compare the charter's id"
        #expect(fault(Array(text.dropLast())).hasSuffix(whole))
        let cut = "the file ends in mid-line, so it was cut short or changed: get it again and compare its id"
        #expect(fault([]) == "line 1: \(cut)")
        // Cut in the middle of a line, wherever that is.
        for count in stride(from: 30, to: text.count * 2 / 3, by: 97) where text[count - 1] != UInt8(ascii: "\n") {
            #expect(fault(Array(text.prefix(count))).hasSuffix(cut), "\(count)")
        }
        #expect(fault(text + [0xFF, 0x0A]).hasSuffix("bytes that are not UTF-8: save the file as UTF-8"))
        #expect(fault([0xEF, 0xBB, 0xBF] + text).hasPrefix("line 1: a control character"))
        #expect(fault(Array("# note\n".utf8) + text).hasPrefix("line 1: found \"# note\": the first line must be"))
        #expect(fault(Array("standstill-charter v2\n".utf8)).hasPrefix("line 1: found \"standstill-charter v2\""))
        let long = text + [UInt8](repeating: UInt8(ascii: "\n"), count: 1 << 20)
        #expect(fault(long) == "charter of \(long.count) bytes: shorten it to 1048576 bytes")
    }

    @Test(arguments: [
        ("version     1", "versoin     1\n", #"line 5: unknown line "versoin"; did you mean "version"?"#),
        ("version     1", "colour red\n", #"line 5: unknown line "colour": start the line with a known word"#),
        (
            "version     1", "version 1\nversion 1\n",
            #"line 6: "version" stands already in line 5: delete one of the two"#
        ),
        ("version     1", "", #"end of the file: no line "version": add one"#),
        ("version     1", "version\n", "line 5: version is missing: add it"),
        ("version     1", "version 01\n", #"line 5: version "01" must be a number from 1 to 2147483647"#),
        ("version     1", "version 1 2\n", #"line 5: "2" is more than the line needs: delete it"#),
        (
            "version     1", "version 2\n",
            #"line 5: version "2" does not fit "previous": version 1 has none, every later one names its predecessor"#
        ),
        (
            "network     frontier-pause-pilot", "network Pilot\n",
            #"line 4: network "Pilot" must be 1 to 64 characters of a-z, 0-9 and -"#
        ),
        ("previous    none", "", #"end of the file: no line "previous": add one"#),
        (
            "previous    none", "previous sha256:00\n",
            #"line 6: the previous charter "sha256:00" must be sha256: and 64 lower-case hexadecimal digits"#
        ),
        (
            "expires     2027-12-01T00:00:00Z", "expires 2027-12-01\n",
            #"line 7: time "2027-12-01" must be written like 2027-12-01T00:00:00Z"#
        ),
        ("opening     self", "", #"end of the file: no line "opening": add one"#),
        (
            "opening     self", "opening slef\n",
            #"line 32: unknown way of opening "slef"; did you mean "self"?"#
        ),
        (
            "opening     self", "opening guaranteed\n",
            #"end of the file: no line "rule open": add one"#
        ),
        (
            "opening     self", "rule open both\nopening self\n",
            #"line 32: "open" is never used: write "opening guaranteed" or delete the line"#
        ),
        (
            "opening     self", "rule open labs\nopening guaranteed\n",
            "line 32: rule open can be met by parties of class lab alone, for instance by lab.aster, lab.borealis, "
                + "lab.cygnus, lab.dorado: require another class as well, or add a line \"allow-single-class\""
        ),
        (
            "action      lift        decide", "rule open both\naction lift open\n",
            #"line 32: rule "open" opens ballots and signs nothing: give the action a rule of another name"#
        ),
        ("limit       fault-bound       2", "", #"end of the file: no line "limit fault-bound": add one"#),
        (
            "limit       fault-bound       2", "limit fault-bound 2\nlimit standing-notice 30d\n",
            #"line 34: standing-notice "30d" lets parties vote in advance, which needs "opening guaranteed""#
        ),
        (
            "limit       fault-bound       2", "limit faultbound 2\n",
            #"line 33: unknown limit "faultbound"; did you mean "fault-bound"?"#
        ),
        (
            "limit       fault-bound       2", "limit fault-bound -1\n",
            #"line 33: fault-bound "-1" must be a number from 0 to 1024"#
        ),
        ("limit       commit-window     10m..14d", "", #"end of the file: no line "limit commit-window": add one"#),
        (
            "limit       commit-window     10m..14d", "limit commit-window 14d..10m\n",
            #"line 34: commit-window "14d..10m" must begin with the shorter time"#
        ),
        (
            "limit       commit-window     10m..14d", "limit commit-window 10m\n",
            #"line 34: commit-window "10m" must be two lengths of time such as 10m..14d"#
        ),
        (
            "limit       commit-window     10m..14d", "limit commit-window 60m..14d\n",
            #"line 34: commit-window "60m" must be written 1h"#
        ),
        ("limit       clock-tolerance   2m", "", #"end of the file: no line "limit clock-tolerance": add one"#),
        (
            "limit       clock-tolerance   2m", "limit clock-tolerance 2\n",
            #"line 35: clock-tolerance "2" must be a length of time such as 90d, 2h, 10m or 30s"#
        ),
        (
            "limit       clock-tolerance   2m", "limit clock-tolerance 2m\nlimit open-motions 0\n",
            #"line 36: open-motions "0" must be a number from 1 to 64"#
        ),
        (
            "limit       clock-tolerance   2m", "limit clock-tolerance 2m\nlimit clock-tolerance 2m\n",
            #"line 36: "limit clock-tolerance" stands already in line 35: delete one of the two"#
        ),
    ])
    func `a faulty single line is refused with its number and what to write`(
        line: String,
        text: String,
        expected: String
    ) throws {
        #expect(try error(replacing: line, with: text) == expected)
    }

    @Test func `a title stands between quotation marks and is bounded`() throws {
        #expect(
            try error(replacing: Self.title, with: "title Pilot\n")
                == #"line 3: the title "Pilot" must stand between quotation marks"#
        )
        #expect(
            try error(replacing: Self.title, with: "title \"\"\n") == #"line 3: the title "" must have 1 to 256 bytes"#
        )
        let longest = String(repeating: "x", count: 256)
        #expect(try error(replacing: Self.title, with: "title \"\(longest)\"\n") == nil)
        #expect(
            try error(replacing: Self.title, with: "title \"\(longest)x\"\n")?.hasSuffix("must have 1 to 256 bytes")
                == true
        )
    }

    @Test(arguments: [
        (
            "rule        record      both", "rule record bothe\n",
            #"line 28: no group "bothe" in the lines above; did you mean "both"?"#
        ),
        (
            "rule        record      both", "rule decide both\n",
            #"line 28: "decide" is declared already in line 27: choose another name"#
        ),
        ("rule        record      both", "", #"end of the file: no line "rule record": add one"#),
        (
            "rule        record      both", "rule record both\nrule spare both\n",
            #"line 29: "spare" is never used: name it in an action or delete the line"#
        ),
        (
            "action      start       decide   at-most 90d", "action start decied\n",
            #"line 29: no rule "decied" in the lines above; did you mean "decide"?"#
        ),
        (
            "action      start       decide   at-most 90d", "action stop decide\n",
            #"line 29: unknown action "stop": write one of start, renew, lift"#
        ),
        (
            "action      start       decide   at-most 90d", "action start decide atmost 90d\n",
            #"line 29: word "atmost" must be at-most, or nothing"#
        ),
        (
            "action      start       decide   at-most 90d", "action start decide at-most\n",
            "line 29: the longest time is missing: add it"
        ),
        (
            "action      start       decide   at-most 90d", "action start decide at-most 0s\n",
            #"line 29: longest time "0s" must be longer than nothing"#
        ),
        ("action      start       decide   at-most 90d", "", #"end of the file: no line "action start": add one"#),
        (
            "action      lift        decide", "action lift decide\naction lift decide\n",
            #"line 32: "action lift" stands already in line 31: delete one of the two"#
        ),
        (
            "group       both          all labs governments", "group both all labs goverments\n",
            #"line 26: no party or group "goverments" in the lines above; did you mean "governments"?"#
        ),
        (
            "group       both          all labs governments", "group both all labs government\n",
            #"line 26: no party or group "government" in the lines above; did you mean "governments"?"#
        ),
        (
            "group       both          all labs governments", "group both 3 labs governments\n",
            #"line 26: threshold "3" must be all, any or a number from 1 to 2"#
        ),
        (
            "group       both          all labs governments", "group both all labs\n",
            #"line 26: group "all" counts 1 members: a group needs at least 2"#
        ),
        (
            "group       both          all labs governments", "group both all labs governments lab.aster\n",
            #"line 26: lab.aster counts twice in "both": leave it out once"#
        ),
        (
            "group       both          all labs governments", "group both all labs governments ngo.watch\n",
            #"line 26: member "ngo.watch" is an observer, which decides nothing: leave it out"#
        ),
        (
            "group       both          all labs governments", "group both all labs both\n",
            #"line 26: no party or group "both" in the lines above: declare it before it is used"#
        ),
        (
            "group       both          all labs governments", "group labs all labs governments\n",
            #"line 26: "labs" is declared already in line 24: choose another name"#
        ),
        (
            "group       both          all labs governments", "group any all labs governments\n",
            #"line 26: "any" is a word of the rule language: choose another name"#
        ),
        (
            "group       both          all labs governments", "group Both all labs governments\n",
            #"line 26: "B" at byte 0 is not allowed in a name: use only a-z, 0-9 and - . _ /"#
        ),
        (
            "group       both          all labs governments",
            "group both all labs governments\ngroup spare any lab.aster gov.union\n",
            #"line 27: "spare" is never used: name it in a group or a rule, or delete the line"#
        ),
        (
            labsLine, "group labs 4 lab.aster lab.borealis lab.cygnus lab.dorado\n",
            #"line 17: "lab.eridani" is never used: add it to a group that a rule uses, or make it an observer"#
        ),
        (
            #"class       observer    "receives everything, decides nothing""#,
            "class observer \"observer\"\nclass provider \"provider\"\n",
            #"line 13: "provider" is never used: add a party of this class or delete the line"#
        ),
        (
            "tag         lab.aster   jurisdiction=Arland hosting=own", "tag lab.astre hosting=own\n",
            #"line 23: no party "lab.astre" in the lines above; did you mean "lab.aster"?"#
        ),
        (
            "tag         lab.aster   jurisdiction=Arland hosting=own", "tag lab.aster hosting\n",
            #"line 23: tag "hosting" must be KEY=VALUE in ASCII, 64 bytes each at most"#
        ),
        (
            "tag         lab.aster   jurisdiction=Arland hosting=own", "tag lab.aster a=b a=c\n",
            #"line 23: tag "a=c" repeats "a": give it once"#
        ),
        (
            "tag         lab.aster   jurisdiction=Arland hosting=own", "tag lab.aster a=b\ntag lab.aster c=d\n",
            #"line 24: "tag lab.aster" stands already in line 23: delete one of the two"#
        ),
    ])
    func `a faulty party, group, rule or action is refused with its line and the nearest name`(
        line: String,
        text: String,
        expected: String
    ) throws {
        #expect(try error(replacing: line, with: text) == expected)
    }

    @Test(arguments: [
        ("ed25519", "not a point of the prime-order group"),
        ("ceremony", "not a point of the prime-order group"),
        ("x25519", "not one that this software makes"),
    ])
    func `a key of small order or in another spelling is refused`(kind: String, expected: String) throws {
        let smallOrder = [
            String(repeating: "0", count: 64), "01" + String(repeating: "0", count: 62),
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ]
        let notReduced = [
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", String(repeating: "f", count: 64),
        ]
        for hex in smallOrder + notReduced {
            let key = Base64URL.encode(try #require(Hex.decode(hex)))
            let text = try pilot(replacing: kind, of: "lab.cygnus", with: key)
            let error = #expect(throws: CharterError.self) { try Charter(Array(text.utf8)) }
            #expect("\(try #require(error))".contains(expected), "\(hex)")
        }
        for spelling in ["", "AAAA", String(repeating: "A", count: 44)] {
            let text = try pilot(replacing: kind, of: "lab.cygnus", with: spelling)
            let error = #expect(throws: CharterError.self) { try Charter(Array(text.utf8)) }
            #expect("\(try #require(error))".contains("must be \(kind): and 43 characters of base64url"))
        }
    }

    @Test func `a point with a component of small order is refused`() throws {
        let base = Element.base.bytes
        let encoding = Hex.decode("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f") ?? []
        let torsion = try #require(Bytes32(encoding))
        let sum = UncheckedElement(base) + UncheckedElement(torsion)
        let mixed = try #require(sum).bytes.array
        let text = try pilot(replacing: "ed25519", of: "lab.cygnus", with: Base64URL.encode(mixed))
        let error = #expect(throws: CharterError.self) { try Charter(Array(text.utf8)) }
        #expect("\(try #require(error))".hasPrefix("line 15: ed25519 key of \"lab.cygnus\" is not a point"))
    }

    @Test func `a key stands once in the whole file`() throws {
        let own = Base64URL.encode(Pilot.signingKey(of: "lab.cygnus").publicKey.bytes.array)
        let others = Base64URL.encode(Pilot.signingKey(of: "lab.aster").publicKey.bytes.array)
        let twiceInLine = try pilot(replacing: "ceremony", of: "lab.cygnus", with: own)
        #expect(throws: CharterError.repeatedKey("ceremony", first: 15, line: 15)) {
            try Charter(Array(twiceInLine.utf8))
        }
        let twiceInFile = try pilot(replacing: "ed25519", of: "lab.cygnus", with: others)
        #expect(throws: CharterError.repeatedKey("ed25519", first: 13, line: 15)) {
            try Charter(Array(twiceInFile.utf8))
        }
        let asTransport = try pilot(replacing: "x25519", of: "lab.cygnus", with: others)
        #expect(throws: CharterError.repeatedKey("x25519", first: 13, line: 15)) {
            try Charter(Array(asTransport.utf8))
        }
    }

    @Test func `keys stand in their order, each with its prefix`() throws {
        let text = Pilot.text.replacing("x25519:", with: "ed25519:")
        let error = #expect(throws: CharterError.self) { try Charter(Array(text.utf8)) }
        #expect("\(try #require(error))".hasSuffix("must be the x25519 key, written x25519:..."))
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `a damaged charter is refused or another charter, never a crash`(seed: UInt64) throws {
        let original = Array(Pilot.text.utf8)
        var random = SeededRandom(seed: seed)
        for _ in 0..<50 {
            var bytes = original
            let position = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: position)
            default: bytes.insert(UInt8.random(in: 32...126, using: &random), at: position)
            }
            guard bytes != original, let charter = try? Charter(bytes) else { continue }
            #expect(charter.id != (try Pilot.charter().id))
            #expect(charter.bytes == bytes)
        }
    }

    private func pilot(replacing kind: String, of party: String, with key: String) throws -> String {
        let keys = Pilot.keys(of: party)
        let changed = keys.split(separator: " ").map { $0.hasPrefix(kind + ":") ? "\(kind):\(key)" : String($0) }
        let text = Pilot.text.replacing(keys, with: changed.joined(separator: " "))
        guard text != Pilot.text else { throw Pilot.Missing() }
        return text
    }
}
