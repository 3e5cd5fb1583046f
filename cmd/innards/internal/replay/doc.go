// Package replay leads a real file of bookings through a reservation store: every row is created, confirmed,
// guaranteed, checked in and out, cancelled or marked as a no-show on the day on which that happened, by commands of
// [reservation.Service] and with a business date that is closed day by day.
//
// The file is the hotel booking demand data set (Nuno Antonio, Ana de Almeida and Luis Nunes, "Hotel booking demand
// datasets", Data in Brief 22 (2019) 41-49, doi 10.1016/j.dib.2018.11.126, CC BY 4.0): 119,390 bookings of a resort
// hotel and a city hotel in Portugal, with arrivals from July 2015 to August 2017. [Open] reads it as CSV or zipped,
// [HotelBookings] replays it.
//
// # What the file leaves open
//
//   - Each hotel has, of every room type, as many rooms as it needed on its fullest day. A day use counts for its day.
//   - Bookings that were cancelled later took rooms too, so that the hotels sold more than they had. Such a booking, or a
//     change of type at the check-in, uses the right to overbook, and is counted.
//   - Guests get the lowest free room of their assigned type when they check in, after the day's departures.
//   - Market segment Direct through channel Direct is the hotel's own booking engine, which confirms by itself. The others
//     are marked as confirmed.
//   - A no-show is marked on the day that the row gives, one of them months before the arrival.
//
// # Order
//
// The commands of one booking follow each other. Those of different bookings run at the same time within a part of the
// day: departures and cancellations, new bookings, arrivals, and what ends on the day on which it began. Which of them
// need the right to overbook is planned beforehand, so that every run of a file has the same totals.
//
// Every command has an idempotency key made from the file's content and the line, so that a replay that was cut short
// can be started again on the same store.
package replay
