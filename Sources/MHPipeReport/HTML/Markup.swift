/// HTML, and the only way for a text into it.
///
/// What stands in a literal is HTML; what is interpolated is escaped, unless it is `Markup` itself. Literals are
/// `StaticString`, so they stand in the sources: no text that comes with the data can become one. Attributes are written in
/// double quotes, and nothing is interpolated into a script, a style or an address.
package struct Markup: Sendable, ExpressibleByStringInterpolation {
    /// The HTML.
    package private(set) var text: String

    /// Takes HTML that stands in the sources.
    package init(stringLiteral value: StaticString) {
        text = value.description
    }

    /// Takes HTML in which something is interpolated.
    package init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
    }

    /// Its bytes in UTF-8.
    package var byteCount: Int { text.utf8.count }

    /// Adds HTML behind it.
    package static func += (left: inout Markup, right: Markup) {
        left.text += right.text
    }

    /// Collects what stands in a literal, and what is interpolated.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + 16 * interpolationCount)
        }

        package mutating func appendLiteral(_ literal: StaticString) {
            text += literal.description
        }

        package mutating func appendInterpolation(_ markup: Markup) {
            text += markup.text
        }

        package mutating func appendInterpolation(_ number: Int) {
            text += String(number)
        }

        package mutating func appendInterpolation(_ string: String) {
            EscapedText.append(string, to: &text)
        }
    }
}

extension Sequence<Markup> {
    /// All of them, one behind the other.
    func joined() -> Markup {
        reduce(into: "") { $0 += $1 }
    }
}
