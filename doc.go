// Package innards is the shared vocabulary of the packages reservation, meter, order, booking and sync: who asks
// ([Actor], [Scope]), how a change is asked for ([Command]), why it is refused ([Refusal], [Blocker]), what is
// remembered of it ([Event]), which transitions there are ([Lifecycle], [Machine]), and amounts and days ([Money],
// [Date]). It does no I/O and reads no clock.
//
// Every change in every package runs the same way:
//
//  1. Facts: the store reads one consistent snapshot with everything a guard may see, and the answer that is kept
//     under the command's idempotency key.
//  2. Decide: pure code. The [Machine] judges the transition; the intent checks its own input and plans its effects.
//  3. Commit: one value holds all that one transaction writes. The store writes all of it, durably, or nothing.
//     [ErrStale] means that something the decision rests on has moved: read and decide again.
//
// So a dry run is a command without its commit, a refusal takes no write lock, and no domain code runs inside a
// transaction.
//
// # Errors
//
// A command that cannot be done returns a [*Refusal] with every blocker. Branch on a blocker's [Code], which is stable;
// texts are for people and may change in any release. [ErrNotFound], [ErrUnavailable] and [ErrOutcomeUnknown] are
// matched with errors.Is.
package innards
