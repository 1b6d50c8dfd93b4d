/// What this program calls itself towards peers and people.
package enum NodeVersion {
    package static let number = "0.1.0"
    package static let text = "standstill/\(number)"
}
