// Package reservationtest helps to test stores of reservations, and code that uses them.
//
// # Testing a store
//
// [TestStore] is the conformance suite of [reservation.Store]: one check for each promise of the contract. Whoever writes
// a store calls it from one test:
//
//	func TestStore(t *testing.T) {
//		reservationtest.TestStore(t, func(t *testing.T) reservation.Store { return openEmpty(t) })
//	}
//
// It moves its own clock, so that a store must go by the instants it is given and never by the time of day. [NewDesk]
// makes further changes by hand.
//
// # Testing what uses a store
//
// [NewStore] is a store in memory that passes the suite. [Hotel], [NewClock], [Random] and [IDs] make small data that are
// the same at every run. [NewFaulty] makes a store fail at a chosen call, before or after its effect.
package reservationtest
