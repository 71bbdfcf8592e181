/** The endpoint answers, but not as a model of this kind must. Final: the release is rolled back. */
export class SmokeTestFailedError extends Error {
  override readonly name = "SmokeTestFailedError";
  readonly code = "SmokeTestFailed";

  constructor(endpoint: string, found: string, expected: string) {
    super(`endpoint ${endpoint}: ${found}, expected ${expected}; see the endpoint's log`);
  }
}
