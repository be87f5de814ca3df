/// A value as something else, when its own type is that.
///
/// Of a value of type `any P` the operator `as?` also asks whether `any P` itself conforms, and the runtime walks through all
/// conformances of the program to find that it does not. Here the value's own type alone is asked.
package func cast<Value, Wanted>(_ value: Value, to type: Wanted.Type) -> Wanted? { value as? Wanted }
