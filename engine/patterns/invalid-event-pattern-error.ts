/**
 * A pattern AWS would refuse, with the text AWS answers: `Event pattern is not valid. Reason: …`, followed by the place
 * in the source where its parser stood.
 */
export class InvalidEventPatternError extends Error {
  override readonly name = "InvalidEventPatternError";
  /** The exception's name on the wire. */
  readonly code = "InvalidEventPatternException";
  /** What is wrong, without the prefix and the place. */
  readonly reason: string;

  constructor(reason: string, place = "") {
    super(`Event pattern is not valid. Reason: ${reason}${place}`);
    this.reason = reason;
  }
}
