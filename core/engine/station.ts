/**
 * A FIFO station with one server is a recurrence, not two events: `departure = max(arrival, last
 * departure) + service` (Lindley), valid when visited in order of arrival. Stations of one kind are
 * an array of last departures; a station of many servers chosen by flow hash is several of them.
 * Other kinds of station are in `stations/`, with the same contract: whole nanoseconds in and out,
 * visits in order of time, and one class over arrays for all stations of a kind.
 */

/** What a station with a finite buffer answers when a customer finds no place: no departure. */
export const DROPPED = -1;

/** Departure of a visit to station `at`, which is updated. Whole nanoseconds in and out. */
export function visit(
  lastDepartureNs: Float64Array,
  at: number,
  arrivalNs: number,
  serviceNs: number,
): number {
  const last = lastDepartureNs[at]!;
  const departure = (arrivalNs > last ? arrivalNs : last) + serviceNs;
  lastDepartureNs[at] = departure;
  return departure;
}
