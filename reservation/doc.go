// Package reservation models one stay in a hotel or holiday home, from the booking to the departure, in the words of the
// field.
//
// A [Reservation] has four independent statuses. [Confirmation] says whether the guest was sent a confirmation,
// [Guarantee] whether the guarantee policy is met, [Occupancy] where the guest is, and [Commitment] how firmly the house is
// bound. No command changes two of them, and from any occupancy a reservation can be made expected again. The rules are
// those that Clock PMS+ documents under "Booking statuses"; the rows of the [Lifecycles] say them one by one. What can be
// derived, such as whether a guarantee is overdue, is never stored: see [GuaranteeState] and [StayState].
//
// A [Property] is the hotel: its rooms, policies, rules and the business date. No room is taken twice for a night, which
// the store holds; policies are copied into the reservation when it is booked; a fee is charged once a cycle and reversed
// exactly.
//
// # Using it
//
// [NewService] makes a [Service] on a [Store]. [Service.Do] carries out an intent such as [CheckIn] and returns a [Receipt]
// or an [*innards.Refusal] with every blocker. [Service.Actions] tells beforehand what can be done and what stands against
// the rest; a command with DryRun tells what it would do. [Service.Sweep] does what is due by itself. [Service.CreateMany]
// makes some hundred reservations at once, for imports.
//
// # Other systems
//
// The folio, the mailer and the payment provider are told of effects through the store's outbox, each with a key that never
// repeats; a [Folio] is asked before a command that charges. Nothing is sent within a transaction.
//
// # Bringing your own storage
//
// Implement [Store], then call reservationtest.TestStore from one test. Package reservationbun has one for SQLite and
// PostgreSQL. A store that is to take in large files can be a [Batcher] too.
package reservation
