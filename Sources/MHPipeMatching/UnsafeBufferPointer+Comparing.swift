import Libc

extension UnsafeBufferPointer<UInt8> {
    /// True when these begin with the other bytes.
    package func hasStart(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let text = baseAddress, let part = other.baseAddress else { return other.isEmpty }
        return unsafe count >= other.count && memcmp(text, part, other.count) == 0
    }

    /// True when these end with the other bytes.
    package func hasEnd(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let text = baseAddress, let part = other.baseAddress else { return other.isEmpty }
        return unsafe count >= other.count && memcmp(text + count - other.count, part, other.count) == 0
    }

    /// Less than 0 when these stand before the other bytes, 0 when they are the same.
    package func order(_ other: UnsafeBufferPointer<UInt8>) -> Int {
        guard let left = baseAddress, let right = other.baseAddress,
            case let order = unsafe memcmp(left, right, Swift.min(count, other.count)), order != 0
        else { return count - other.count }
        return Int(order)
    }

    /// True when the other bytes stand somewhere in these.
    package func hasPart(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let text = baseAddress, let part = other.baseAddress, !other.isEmpty else { return other.isEmpty }
        var place = 0
        while place + other.count <= count {
            let last = count - other.count - place
            guard let found = unsafe memchr(text + place, Int32(part[0]), last + 1) else { return false }
            if unsafe memcmp(found, part, other.count) == 0 { return true }
            place = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(text) + 1
        }
        return false
    }
}
