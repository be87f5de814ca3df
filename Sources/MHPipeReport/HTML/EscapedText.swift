import MHPipeKit

/// How a text of anybody's looks in HTML: what has a meaning there is escaped, and what cannot be seen is written out.
enum EscapedText {
    /// The characters of a text that are shown at most.
    ///
    /// Whoever gathers facts cuts them; this holds whatever they forget.
    static let mostCharacters = 1000

    /// Appends a text to HTML.
    static func append(_ text: String, to html: inout String) {
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < mostCharacters else {
                html += "…"
                return
            }
            count += 1
            switch scalar {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            case "'": html += "&#39;"
            case _ where scalar.isUnprintable: html += String(scalar).visible
            case _ where isInvisible(scalar): html += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: html.unicodeScalars.append(scalar)
            }
        }
    }

    /// True for what a page would act on, or show as nothing: a name must not look like another one.
    ///
    /// Joiners and variation selectors are among them: what they join in some scripts and in emoji is told less well, and
    /// nothing is hidden.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .format, .control, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate: true
        default: scalar.properties.isDefaultIgnorableCodePoint || scalar.properties.isNoncharacterCodePoint
        }
    }
}
