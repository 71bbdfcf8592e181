/** The frames that can step, in the order they became able to. */
import type { Action, Frame } from "./frame.ts";

export type Step = Readonly<{ frame: Frame; action: Action }>;

/** Below this many taken steps the array is not moved together. */
const SLACK = 1024;

export class StepQueue {
  #steps: Step[] = [];
  #head = 0;

  get length(): number {
    return this.#steps.length - this.#head;
  }

  push(frame: Frame, action: Action): void {
    this.#steps.push({ frame, action });
  }

  shift(): Step | undefined {
    const step = this.#steps[this.#head];
    if (step === undefined) return undefined;
    this.#head += 1;
    if (this.#head === this.#steps.length) this.clear();
    else if (this.#head >= SLACK) {
      this.#steps = this.#steps.slice(this.#head);
      this.#head = 0;
    }
    return step;
  }

  clear(): void {
    this.#steps.length = 0;
    this.#head = 0;
  }

  waiting(): readonly Step[] {
    return this.#steps.slice(this.#head);
  }
}
