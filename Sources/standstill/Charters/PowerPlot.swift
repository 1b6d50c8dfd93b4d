internal import QuorumPolicy
internal import SignedStatements

/// A drawing of procedures, one below the other: a bar per party as long as its power, and a column per small set that can act or stop it.
///
/// One self-contained SVG in black and white. Classes differ by the pattern of their bars, members of a set are full dots.
struct PowerPlot {
    private let charter: Charter
    private let title: String
    private let figures: CoalitionFigures
    private let shares: OrderedMap<String, Double>

    /// Columns drawn for each of the two kinds of sets.
    private static let columnLimit = 8

    init(_ action: ActionProcedure, of charter: Charter) {
        self.charter = charter
        title = "\(action.title): \(action.ruleNames)"
        figures = CoalitionFigures(action.procedure, of: charter)
        shares = OrderedMap(
            (action.procedure.power() ?? []).map { ($0.party.text, $0.shapleyShubik.approximation) }
        )
    }

    /// Parties by class, in the order of the charter; those without a place in the rules are left out.
    private var rows: [Charter.Party] {
        charter.classes.flatMap { partyClass in
            charter.parties.filter { $0.partyClass == partyClass.name && charter.voters.contains($0.name) }
        }
    }

    private var classes: [Charter.PartyClass] {
        charter.classes.filter { partyClass in rows.contains { $0.partyClass == partyClass.name } }
    }

    /// The text of a file that draws these procedures.
    static func svg(_ procedures: [ActionProcedure], of charter: Charter) -> String {
        let plots = procedures.map { PowerPlot($0, of: charter) }
        var top = 0
        let drawings = plots.map { plot in
            defer { top += plot.sheet.height }
            return #"<g transform="translate(0 \#(top))">"# + "\n" + plot.content + "\n</g>"
        }
        let width = plots.map(\.sheet.width).max() ?? 0
        let title = plots.map(\.title).joined(separator: "; ")
        return
            ([
                #"<?xml version="1.0" encoding="UTF-8"?>"#,
                #"<svg xmlns="http://www.w3.org/2000/svg" width="\#(width)" height="\#(top)""#
                    + #" viewBox="0 0 \#(width) \#(top)" font-family="sans-serif" font-size="12">"#,
                "<title>\(SVGText.escaped(title))</title>",
                "<defs>\(SVGText.patterns(count: plots.first?.classes.count ?? 0))</defs>",
                #"<rect width="100%" height="100%" fill="white"/>"#,
            ] + drawings + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private var sheet: Sheet {
        Sheet(
            rowCount: rows.count,
            nameLength: rows.map(\.name.text.count).max() ?? 0,
            act: Array(figures.act.prefix(Self.columnLimit)),
            stop: Array(figures.stop.prefix(Self.columnLimit))
        )
    }

    private var content: String {
        let sheet = sheet
        let body = [heading, legend(sheet)] + rows.enumerated().map { row($0.element, at: $0.offset, sheet) }
        return (body + [columns(sheet), footer(sheet)]).joined(separator: "\n")
    }

    private var heading: String {
        SVGText.text(charter.title.text, x: 16, y: 24, attributes: #"font-size="15" font-weight="bold""#)
            + SVGText.text("\(title) (charter \(charter.id.description.prefix(16))...)", x: 16, y: 44)
    }

    private func legend(_ sheet: Sheet) -> String {
        var x = 16
        return classes.enumerated().map { index, partyClass in
            let box = SVGText.bar(x: x, y: 58, width: 18, height: 12, pattern: index)
            let label = SVGText.text(partyClass.name.text, x: x + 24, y: 68)
            x += 40 + partyClass.name.text.count * 8
            return box + label
        }.joined()
            + SVGText.text("power (Shapley-Shubik)", x: sheet.barLeft, y: sheet.top - 12)
    }

    private func row(_ party: Charter.Party, at index: Int, _ sheet: Sheet) -> String {
        let y = sheet.top + index * Sheet.rowHeight
        let name = SVGText.text(party.name.text, x: 16, y: y + 13)
        guard let share = shares[party.name.text] else {
            return name + SVGText.text(shares.isEmpty ? "not computed" : "none in this", x: sheet.barLeft, y: y + 13)
        }
        let largest = max(shares.values.max() ?? 1, 1e-6)
        let width = Int((share / largest * Double(Sheet.barWidth)).rounded())
        let pattern = classes.firstIndex { $0.name == party.partyClass } ?? 0
        let rounded = figures.power.first { $0.party == party.name.text }?.shapleyShubikRounded ?? ""
        return name + SVGText.bar(x: sheet.barLeft, y: y + 2, width: max(1, width), height: 14, pattern: pattern)
            + SVGText.text(rounded, x: sheet.barLeft + width + 6, y: y + 13)
    }

    private func columns(_ sheet: Sheet) -> String {
        let blocks = [("can act", sheet.act, sheet.actLeft), ("can stop it", sheet.stop, sheet.stopLeft)]
        return blocks.map { label, sets, left in
            let heading = SVGText.text(label, x: left, y: sheet.top - 28, attributes: #"font-weight="bold""#)
            return heading
                + sets.enumerated().map { column($0.element, x: left + $0.offset * Sheet.columnWidth, sheet) }.joined()
        }.joined(separator: "\n")
    }

    /// A dot per party, full for members, and above them how many sets look alike.
    private func column(_ set: CoalitionFigures.Sets, x: Int, _ sheet: Sheet) -> String {
        let count = set.count.utf8.count > 4 ? "many" : "\u{d7}\(set.count)"
        let dots = rows.enumerated().map { index, party in
            let y = sheet.top + index * Sheet.rowHeight + 9
            let fill = set.example.contains(party.name.text) ? "black" : "none"
            return #"<circle cx="\#(x + 12)" cy="\#(y)" r="5" stroke="black" fill="\#(fill)"/>"#
        }
        return SVGText.text(count, x: x, y: sheet.top - 12, attributes: #"font-size="10""#) + dots.joined()
    }

    private func footer(_ sheet: Sheet) -> String {
        let y = sheet.height - 44
        return [
            "Each column is a kind of set without a party to spare, smallest first: an example as full dots, and above it",
            "how many sets differ from it only in who stands for whom."
                + (figures.act.count > Self.columnLimit || figures.stop.count > Self.columnLimit
                    ? " There are more kinds than are drawn." : ""),
            figures.isExact
                ? "All figures are exact, rounded to four places." : "An exact analysis would take too long.",
        ].enumerated().map { SVGText.text($0.element, x: 16, y: y + $0.offset * 15, attributes: #"font-size="11""#) }
            .joined()
    }
}

/// Where things stand on the page, in points.
private struct Sheet {
    static let rowHeight = 20
    static let columnWidth = 30
    static let barWidth = 180

    let rowCount: Int
    let nameLength: Int
    let act: [CoalitionFigures.Sets]
    let stop: [CoalitionFigures.Sets]

    let top = 124
    var barLeft: Int { 28 + nameLength * 8 }
    var actLeft: Int { barLeft + Self.barWidth + 70 }
    var stopLeft: Int { actLeft + max(3, act.count) * Self.columnWidth + 24 }
    var width: Int { max(700, stopLeft + max(4, stop.count) * Self.columnWidth + 16) }
    var height: Int { top + rowCount * Self.rowHeight + 70 }
}

/// The few elements of SVG that the drawing needs.
private enum SVGText {
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    static func text(_ content: String, x: Int, y: Int, attributes: String = "") -> String {
        "<text x=\"\(x)\" y=\"\(y)\"\(attributes.isEmpty ? "" : " " + attributes)>\(escaped(content))</text>"
    }

    static func bar(x: Int, y: Int, width: Int, height: Int, pattern: Int) -> String {
        #"<rect x="\#(x)" y="\#(y)" width="\#(width)" height="\#(height)" stroke="black" fill="url(#p\#(pattern))"/>"#
    }

    /// Black, white, and hatchings ever further apart.
    static func patterns(count: Int) -> String {
        (0..<count).map { index in
            let size = 4 + index * 2
            let content =
                switch index {
                case 0: #"<rect width="\#(size)" height="\#(size)" fill="black"/>"#
                case 1: #"<rect width="\#(size)" height="\#(size)" fill="white"/>"#
                default:
                    #"<rect width="\#(size)" height="\#(size)" fill="white"/><path d="M0 0H\#(size)" stroke="black"/>"#
                }
            return
                #"<pattern id="p\#(index)" width="\#(size)" height="\#(size)" patternUnits="userSpaceOnUse""#
                + #" patternTransform="rotate(\#(index % 2 == 0 ? 45 : 135))">\#(content)</pattern>"#
        }.joined()
    }
}
