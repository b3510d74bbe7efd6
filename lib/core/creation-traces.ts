// Keeps the framework from recording where each construct was made: a stack trace a token, thousands of times.

/**
 * Runs `make` with creation traces off, and returns its result.
 *
 * cdktf captures a trace of unlimited depth for every computed attribute of every resource; formatting them is a quarter
 * of the time of a large platform (docs/decisions/0006). While `make` runs, traces that are read at once are empty;
 * an error that leaves it keeps its own, which Node formats when somebody prints it.
 */
export function withoutCreationTraces<T>(make: () => T): T {
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = () => "";
  try {
    return make();
  } finally {
    Error.prepareStackTrace = before;
  }
}
