/** Reads a metric math expression and computes it in one go: it is short, and asked once. */
import { FUNCTIONS, type MathContext } from "./functions.ts";
import { OPERATORS, operate } from "./operators.ts";
import { listOf, type MathValue, scalar } from "./series.ts";

/** The expression cannot be read or computed. */
export class MathError extends Error {
  override readonly name = "MathError";
}

const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|(?<text>"[^"]*"|'[^']*')|(?<word>[A-Za-z_]\w*)|(?<symbol>&&|\|\||==|!=|<=|>=|[-+*/^<>()[\],]))/y;
/** From the weakest to the strongest; all bind to the left. */
const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["==", "!=", "<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/"],
  ["^"],
];
const WORDS: Readonly<Record<string, string>> = { AND: "&&", OR: "||" };
const DEEPEST = 50;
/** The service's own limit. */
const LONGEST = 2048;

interface Token {
  kind: "number" | "text" | "word" | "symbol";
  text: string;
}

/**
 * @param resolve what an id of the request stands for; undefined for one it does not have
 * @throws MathError
 */
export function evaluateMath(
  expression: string,
  resolve: (id: string) => MathValue | undefined,
  context: MathContext,
): MathValue {
  const reader = new Reader(tokenize(expression), resolve, context);
  try {
    return reader.whole();
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
    throw new MathError(`${expression}: ${thrown.message}`, { cause: thrown });
  }
}

class Reader {
  readonly #tokens: Token[];
  readonly #resolve: (id: string) => MathValue | undefined;
  readonly #context: MathContext;
  #depth = 0;

  constructor(tokens: Token[], resolve: (id: string) => MathValue | undefined, context: MathContext) {
    this.#tokens = tokens;
    this.#resolve = resolve;
    this.#context = context;
  }

  whole(): MathValue {
    const value = this.#level(0);
    if (this.#tokens[0] !== undefined) throw new TypeError(`${this.#tokens[0].text} is not expected`);
    return value;
  }

  #level(index: number): MathValue {
    const symbols = LEVELS[index];
    if (symbols === undefined) return this.#unary();
    let left = this.#level(index + 1);
    for (let symbol = this.#symbol(symbols); symbol !== undefined; symbol = this.#symbol(symbols)) {
      const work = OPERATORS[symbol];
      const right = this.#level(index + 1);
      if (work !== undefined) left = operate(work, left, right);
    }
    return left;
  }

  #inner(): MathValue {
    if (++this.#depth > DEEPEST) throw new TypeError(`it nests deeper than ${DEEPEST} levels`);
    const value = this.#level(0);
    this.#depth--;
    return value;
  }

  #symbol(symbols: readonly string[]): string | undefined {
    const next = this.#tokens[0];
    const text = next?.kind === "word" && Object.hasOwn(WORDS, next.text) ? WORDS[next.text] : next?.text;
    if (text === undefined || next?.kind === "number" || !symbols.includes(text)) return undefined;
    this.#tokens.shift();
    return text;
  }

  #unary(): MathValue {
    let sign = 1;
    while (this.#symbol(["-"]) !== undefined) sign = -sign;
    const value = this.#primary();
    return sign === 1 ? value : operate((left, right) => left * right, value, scalar(-1));
  }

  #primary(): MathValue {
    const token = this.#tokens.shift();
    if (token?.kind === "number") return scalar(Number(token.text));
    if (token?.kind === "text") return { kind: "word", word: token.text.slice(1, -1) };
    if (token?.kind === "word") return this.#named(token.text);
    if (token?.text === "(") {
      const inner = this.#inner();
      this.#expect(")");
      return inner;
    }
    if (token?.text !== "[")
      throw new TypeError(token === undefined ? "it ends too early" : `${token.text} is not expected`);
    const list = this.#values("]").map((value) => {
      if (value.kind === "series") return value.series;
      throw new TypeError("a list is of time series");
    });
    return listOf(list);
  }

  #named(name: string): MathValue {
    if (this.#tokens[0]?.text === "(" && this.#tokens[0].kind === "symbol") {
      this.#tokens.shift();
      const values = this.#values(")");
      const work = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
      if (work === undefined)
        throw new TypeError(
          `the function ${name} is not built in this home; built are ${Object.keys(FUNCTIONS).sort().join(", ")}`,
        );
      return work(values, this.#context);
    }
    if (name === "REPEAT" || name === "LINEAR") return { kind: "word", word: name };
    const value = this.#resolve(name);
    if (value === undefined) throw new TypeError(`there is no metric or expression ${name}`);
    return value;
  }

  #values(end: string): MathValue[] {
    const values: MathValue[] = [];
    if (this.#symbol([end]) !== undefined) return values;
    do values.push(this.#inner());
    while (this.#symbol([","]) !== undefined);
    this.#expect(end);
    return values;
  }

  #expect(symbol: string): void {
    if (this.#symbol([symbol]) === undefined) throw new TypeError(`${symbol} is missing`);
  }
}

function tokenize(expression: string): Token[] {
  if (expression.length > LONGEST)
    throw new MathError(`an expression has up to ${LONGEST} characters, not ${expression.length}`);
  const tokens: Token[] = [];
  const whole = expression.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < whole.length) {
    const at = TOKEN.lastIndex;
    const { number, text, word, symbol } = TOKEN.exec(whole)?.groups ?? {};
    if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (text !== undefined) tokens.push({ kind: "text", text });
    else if (word !== undefined) tokens.push({ kind: "word", text: word });
    else if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol });
    else throw new MathError(`${expression}: cannot read "${whole.slice(at).trim().slice(0, 20)}"`);
  }
  return tokens;
}
