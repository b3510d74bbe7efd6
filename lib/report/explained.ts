// How a program ends when its input is wrong.
import { ConfigurationError } from "../core/errors";

/** Does something; a wrong input ends in its message on standard error and exit code 1. Other errors keep their stack. */
export function explained(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!ConfigurationError.is(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
