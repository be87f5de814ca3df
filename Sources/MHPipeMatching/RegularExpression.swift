import CPCRE2
import Libc

/// A pattern of PCRE2, compiled to machine code where the platform has that, that searches UTF-8 where it stands.
///
/// Limits end a search that would not: a pattern such as `(a+)+$` needs time that doubles with every further byte, and
/// the text is chosen by whoever made the call. Used on one queue only.
@safe
package final class RegularExpression {
    /// How a search ended.
    package enum Outcome {
        case match, noMatch
        /// A limit was reached before the answer.
        case gaveUp
    }

    /// The steps after which a search gives up: 2 to 40 ms, after the pattern.
    private static let stepLimit: UInt32 = 500_000
    /// Nested choices that the interpreter keeps, and the memory for them in KiB; compiled code has its stack instead.
    private static let depthLimit: UInt32 = 10_000
    private static let heapLimitKiB: UInt32 = 16 << 10
    private static let stackSize = (start: 32 << 10, limit: 1 << 20)

    private let code: CHandle
    private let data: CHandle
    private let context: CHandle
    /// What `context` makes compiled code use.
    private let stack: CHandle?

    /// Compiles a pattern.
    ///
    /// - Parameter pattern: A pattern as `pcre2pattern(3)` describes it; it matches anywhere in a text.
    /// - Throws: `RegularExpressionError` when it is none.
    package init(_ pattern: String) throws(RegularExpressionError) {
        var number: Int32 = 0
        var offset = 0
        var pattern = pattern
        let compiled = pattern.withUTF8 { bytes in
            // Where a text is not valid UTF-8 the search steps over the damage, instead of leaving the text's bounds.
            unsafe pcre2_compile_8(
                bytes.baseAddress,
                bytes.count,
                PCRE2_UTF | PCRE2_MATCH_INVALID_UTF,
                &number,
                &offset,
                nil
            )
        }
        guard let code = unsafe CHandle(owning: compiled, free: { unsafe pcre2_code_free_8($0) }) else {
            let place = String(decoding: pattern.utf8.prefix(offset), as: UTF8.self).count
            throw RegularExpressionError(reason: Self.message(number), offset: place)
        }
        guard
            let data = unsafe CHandle(
                owning: pcre2_match_data_create_8(2, nil),
                free: { unsafe pcre2_match_data_free_8($0) }
            ),
            let context = unsafe CHandle(
                owning: pcre2_match_context_create_8(nil),
                free: { unsafe pcre2_match_context_free_8($0) }
            )
        else { throw RegularExpressionError(reason: Self.message(PCRE2_ERROR_NOMEMORY), offset: 0) }
        unsafe pcre2_set_match_limit_8(context.pointer, Self.stepLimit)
        unsafe pcre2_set_depth_limit_8(context.pointer, Self.depthLimit)
        unsafe pcre2_set_heap_limit_8(context.pointer, Self.heapLimitKiB)
        // Where there is no compiler for the platform, PCRE2 interprets the pattern under the same limits.
        let isCompiled = unsafe pcre2_jit_compile_8(code.pointer, PCRE2_JIT_COMPLETE) == 0
        let stack =
            unsafe isCompiled ? pcre2_jit_stack_create_8(Self.stackSize.start, Self.stackSize.limit, nil) : nil
        if let stack = unsafe stack {
            unsafe pcre2_jit_stack_assign_8(context.pointer, nil, UnsafeMutableRawPointer(stack))
        }
        self.stack = unsafe CHandle(owning: stack, free: { unsafe pcre2_jit_stack_free_8($0) })
        self.code = code
        self.data = data
        self.context = context
    }

    /// Searches a text for the first match.
    ///
    /// - Parameter text: UTF-8.
    /// - Returns: Whether there is one.
    package func search(_ text: UnsafeBufferPointer<UInt8>) -> Outcome {
        let nothing: StaticString = ""
        let result = unsafe pcre2_match_8(
            code.pointer,
            text.baseAddress ?? nothing.utf8Start,
            text.count,
            0,
            0,
            data.pointer,
            context.pointer
        )
        // A result of 0 is a match too: there was no room for its groups, which nobody reads.
        if result >= 0 { return .match }
        return result == PCRE2_ERROR_NOMATCH ? .noMatch : .gaveUp
    }

    /// Searches a text for the next match, and says where it is.
    ///
    /// - Parameters:
    ///   - text: UTF-8.
    ///   - start: Where to begin; what stands before it can still be looked back at.
    ///   - range: Where the match is, or its first group when the pattern has one that took part.
    ///   - end: Where the whole match ends.
    /// - Returns: Whether there is one; `range` and `end` are set only then.
    package func search(
        _ text: UnsafeBufferPointer<UInt8>,
        from start: Int,
        range: inout Range<Int>,
        end: inout Int
    ) -> Outcome {
        let nothing: StaticString = ""
        let result = unsafe pcre2_match_8(
            code.pointer,
            text.baseAddress ?? nothing.utf8Start,
            text.count,
            start,
            0,
            data.pointer,
            context.pointer
        )
        guard result >= 0, let places = unsafe pcre2_get_ovector_pointer_8(data.pointer) else {
            return result == PCRE2_ERROR_NOMATCH ? .noMatch : .gaveUp
        }
        // With `\K` a match may end before it begins.
        end = unsafe max(places[0], places[1])
        let group = unsafe (result == 0 || result > 1) && places[2] <= places[3] && places[3] <= text.count ? 2 : 0
        range = unsafe min(places[group], places[group + 1])..<max(places[group], places[group + 1])
        return .match
    }

    private static func message(_ number: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 256)
        let length = unsafe pcre2_get_error_message_8(number, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(Int(length), 0)), as: UTF8.self)
    }
}

/// Why a pattern is no regular expression.
package struct RegularExpressionError: Error {
    /// PCRE2's message.
    package let reason: String
    /// The characters before the place where it stopped reading.
    package let offset: Int
}
