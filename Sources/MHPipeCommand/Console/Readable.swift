/// Numbers as people read them, in plain ASCII.
enum Readable {
    /// `1,234,567`.
    static func count(_ number: Int) -> String {
        var text = ""
        for (index, digit) in String(number.magnitude).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return (number < 0 ? "-" : "") + String(text.reversed())
    }

    /// `1 file`, `2,000 files`.
    static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(count(number)) \(number == 1 ? noun : plural ?? noun + "s")"
    }

    /// `512 B`, `14.2 kB`, `1.0 GB`, in steps of 1,000.
    static func bytes(_ number: Int) -> String {
        guard number >= 1000 else { return "\(number) B" }
        var size = Double(number) / 1000
        for unit in ["kB", "MB", "GB", "TB"] {
            if size < 999.95 { return "\(tenths(size)) \(unit)" }
            size /= 1000
        }
        return "\(tenths(size)) PB"
    }

    /// `0.04 s`, `12.3 s`, `2 min 05 s`, `1 h 02 min`.
    static func duration(_ seconds: Double) -> String {
        if seconds < 9.995 { return "\(hundredths(seconds)) s" }
        if seconds < 59.95 { return "\(tenths(seconds)) s" }
        let whole = Int(seconds.rounded())
        if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
        return "\(whole / 3600) h \(twoDigits(whole % 3600 / 60)) min"
    }

    /// `0:07`, `12:30`, `1:02:30`.
    static func clock(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        let minutes = whole / 60 % 60
        let tail = ":" + twoDigits(whole % 60)
        return whole < 3600 ? "\(minutes)" + tail : "\(whole / 3600):" + twoDigits(minutes) + tail
    }

    private static func tenths(_ number: Double) -> String {
        let scaled = Int((number * 10).rounded())
        return "\(scaled / 10).\(scaled % 10)"
    }

    private static func hundredths(_ number: Double) -> String {
        let scaled = Int((number * 100).rounded())
        return "\(scaled / 100)." + twoDigits(scaled % 100)
    }

    private static func twoDigits(_ number: Int) -> String {
        (number < 10 ? "0" : "") + String(number)
    }
}
