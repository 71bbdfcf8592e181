/** Reads an expression into a function of a row. Aggregates are allowed where slots are given for them. */
import type { RE2JS } from "re2js";
import { type Accumulator, AGGREGATES } from "./aggregates.ts";
import { type Evaluate, isTrue, OPERATORS, textOf, type Value } from "./expression.ts";
import { FUNCTIONS, unitMs } from "./functions.ts";
import { linearRegex } from "./patterns.ts";
import type { Piece, Scanner } from "./scanner.ts";

/** An aggregate of an expression: its result stands in the group's row by `name`. */
export interface Slot {
  name: string;
  make: () => Accumulator;
  inputs: readonly Evaluate[];
}

/** Expressions nest in calls of this reader, so not without end. */
const DEEPEST = 100;

export class ExpressionReader {
  readonly #scanner: Scanner;
  readonly #slots: Slot[] | undefined;
  #depth = 0;

  /** @param slots where aggregates go; without it they are refused */
  constructor(scanner: Scanner, slots?: Slot[]) {
    this.#scanner = scanner;
    this.#slots = slots;
  }

  /** @throws QueryCompileError */
  read(): Evaluate {
    if (++this.#depth > DEEPEST) throw this.#scanner.error(`expressions nest up to ${DEEPEST} levels`);
    const first = this.#and();
    const tests = [first];
    while (this.#scanner.take("or")) tests.push(this.#and());
    this.#depth--;
    return tests.length === 1 ? first : (row) => tests.some((test) => isTrue(test(row)));
  }

  #and(): Evaluate {
    const first = this.#not();
    const tests = [first];
    while (this.#scanner.take("and")) tests.push(this.#not());
    return tests.length === 1 ? first : (row) => tests.every((test) => isTrue(test(row)));
  }

  #not(): Evaluate {
    let negated = false;
    while (this.#scanner.take("not")) negated = !negated;
    const test = this.#comparison();
    return negated ? (row) => !isTrue(test(row)) : test;
  }

  #comparison(): Evaluate {
    const left = this.#binary(0);
    if (this.#scanner.take("like", "=~")) return this.#like(left);
    if (this.#scanner.take("in")) return this.#among(left);
    if (this.#scanner.next.text.toLowerCase() === "not") {
      this.#scanner.advance();
      const test = this.#scanner.take("in") ? this.#among(left) : this.#notLike(left);
      return (row) => !isTrue(test(row));
    }
    for (const symbol of ["=", "!=", "<", "<=", ">", ">="]) {
      if (!this.#scanner.take(symbol)) continue;
      const right = this.#binary(0);
      const compare = OPERATORS[symbol];
      return (row) => compare?.(left(row), right(row));
    }
    return left;
  }

  #notLike(left: Evaluate): Evaluate {
    this.#scanner.expect("like");
    return this.#like(left);
  }

  #like(left: Evaluate): Evaluate {
    const at = this.#scanner.next;
    const source = this.#scanner.regex();
    if (source === undefined) {
      const right = this.#binary(0);
      return (row) => {
        const value = left(row);
        return value !== undefined && textOf(value).includes(textOf(right(row)));
      };
    }
    const compiled = compileRegex(this.#scanner, source, at);
    return (row) => {
      const value = left(row);
      return value !== undefined && compiled.matcher(textOf(value)).find();
    };
  }

  #among(left: Evaluate): Evaluate {
    const equals = OPERATORS["="];
    const members: Evaluate[] = [];
    this.#scanner.expect("[");
    do members.push(this.#binary(0));
    while (this.#scanner.take(","));
    this.#scanner.expect("]");
    return (row) => members.some((member) => equals?.(left(row), member(row)));
  }

  /** Sums, then products, then powers. */
  #binary(level: number): Evaluate {
    const symbols = [["+", "-"], ["*", "/", "%"], ["^"]][level];
    if (symbols === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (
      let piece = this.#scanner.next;
      piece.kind === "symbol" && symbols.includes(piece.text);
      piece = this.#scanner.next
    ) {
      this.#scanner.advance();
      const [before, right, work] = [left, this.#binary(level + 1), OPERATORS[piece.text]];
      left = (row) => work?.(before(row), right(row));
    }
    return left;
  }

  #unary(): Evaluate {
    if (!this.#scanner.take("-")) return this.#primary();
    const inner = this.#primary();
    return (row) => OPERATORS["-"]?.(0, inner(row));
  }

  #primary(): Evaluate {
    const piece = this.#scanner.advance();
    const { text } = piece;
    if (piece.kind === "string") return () => text;
    if (piece.kind === "number") return () => Number(text);
    if (piece.kind === "field") return (row) => row.get(text);
    if (piece.kind === "symbol" && text === "(") {
      const inner = this.read();
      this.#scanner.expect(")");
      return inner;
    }
    if (piece.kind !== "word")
      throw this.#scanner.error(`expected a value, found ${text || "the end of the query"}`, piece);
    if (this.#scanner.take("(")) return this.#call(piece);
    if (text === "true" || text === "false") return () => (text === "true" ? 1 : 0);
    return (row) => row.get(text);
  }

  #call(piece: Piece): Evaluate {
    const name = piece.text.toLowerCase();
    if (name === "bin") return this.#bin("@timestamp");
    if (name === "datefloor" || name === "dateceil") return this.#date(name === "dateceil");
    if (Object.hasOwn(AGGREGATES, name)) return this.#aggregate(piece, name);
    const work = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (work === undefined) {
      const known = [...Object.keys(FUNCTIONS), ...Object.keys(AGGREGATES), "bin", "datefloor", "dateceil"].sort();
      throw this.#scanner.error(
        `the function ${piece.text} is not built in this home; built are ${known.join(", ")}`,
        piece,
      );
    }
    const inputs = this.#inputs();
    return (row) => work(...inputs.map((input) => input(row)));
  }

  #inputs(): Evaluate[] {
    const inputs: Evaluate[] = [];
    if (this.#scanner.take(")")) return inputs;
    if (this.#scanner.take("*")) {
      this.#scanner.expect(")");
      return inputs;
    }
    do inputs.push(this.read());
    while (this.#scanner.take(","));
    this.#scanner.expect(")");
    return inputs;
  }

  #aggregate(piece: Piece, name: string): Evaluate {
    if (this.#slots === undefined)
      throw this.#scanner.error(`${piece.text} is a function of many events: it stands in stats`, piece);
    const make = AGGREGATES[name];
    const slot = `aggregate at ${piece.start}`;
    const inputs = this.#inputs();
    if (make !== undefined) this.#slots.push({ name: slot, make, inputs });
    return (row) => row.get(slot);
  }

  #bin(field: string): Evaluate {
    const lengthMs = this.#period();
    this.#scanner.expect(")");
    return (row) => floored(row.get(field), lengthMs);
  }

  #date(up: boolean): Evaluate {
    const value = this.read();
    this.#scanner.expect(",");
    const lengthMs = this.#period();
    this.#scanner.expect(")");
    return (row) => {
      const low = floored(value(row), lengthMs);
      return low === undefined || !up || low === value(row) ? low : low + lengthMs;
    };
  }

  /** `5m`, `30 s`, `1 hour`. */
  #period(): number {
    const count = this.#scanner.advance();
    const unit = this.#scanner.advance();
    const lengthMs = count.kind === "number" && unit.kind === "word" ? unitMs(unit.text) : undefined;
    if (lengthMs === undefined || Number(count.text) === 0)
      throw this.#scanner.error(
        `expected a period such as 5m (ms, s, m, h, d or w), found ${count.text}${unit.text}`,
        count,
      );
    return Number(count.text) * lengthMs;
  }
}

/** @throws QueryCompileError */
export function compileRegex(scanner: Scanner, source: string, at: Piece): RE2JS {
  try {
    return linearRegex(source.replaceAll("\\/", "/"));
  } catch (thrown) {
    throw scanner.error(
      `the regular expression /${source}/ cannot be read: ${thrown instanceof Error ? thrown.message : thrown}`,
      at,
    );
  }
}

function floored(value: Value, lengthMs: number): number | undefined {
  return typeof value === "number" ? Math.floor(value / lengthMs) * lengthMs : undefined;
}
