/// How numbers are written for people.
package enum Wording {
    /// A number with a comma between thousands: `1,204,377`.
    package static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = number < 0 ? "-" : ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// A number of things: `1 call`, `2,000 calls`.
    package static func count(_ number: Int, _ thing: String, _ things: String? = nil) -> String {
        grouped(number) + " " + (number == 1 ? thing : things ?? thing + "s")
    }
}
