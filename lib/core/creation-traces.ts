// Keeps the framework from recording where each construct was made: a stack trace a token, thousands of times.
import { types } from "node:util";

/**
 * Runs `make` without creation traces, and returns its result.
 *
 * cdktf captures a trace of unlimited depth for every computed attribute of every resource, which costs a large platform
 * more than its resources do (docs/decisions/0006). V8 captures none while the limit is no plain number. An error that
 * leaves `make` gets the trace of this call.
 */
export function withoutCreationTraces<T>(make: () => T): T {
  const before = Object.getOwnPropertyDescriptor(Error, "stackTraceLimit");
  Object.defineProperty(Error, "stackTraceLimit", { get: () => 0, set: () => {}, configurable: true });
  const restore = (): void => {
    if (before) Object.defineProperty(Error, "stackTraceLimit", before);
    else delete (Error as { stackTraceLimit?: number }).stackTraceLimit;
  };
  try {
    return make();
  } catch (error) {
    restore();
    if (types.isNativeError(error) && !error.stack?.includes("\n")) Error.captureStackTrace(error);
    throw error;
  } finally {
    restore();
  }
}
