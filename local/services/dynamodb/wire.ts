/** SDK shapes ↔ DynamoDB's wire JSON, by the SDK's own codec (binary values, sets, timestamps). */
import type { HomePorts } from "../../define-service.ts";

export interface Wire {
  toWire(operation: string, input: object): Promise<unknown>;
  fromWire(operation: string, output: unknown): Promise<object>;
}

export function createWire(home: HomePorts): Wire {
  const schemaOf = async (name: string) => {
    const schema = await home.schema("dynamodb");
    const operation = schema?.operations.get(name);
    if (schema?.codec === undefined || operation === undefined) throw new TypeError(`no schema for dynamodb:${name}`);
    return { codec: schema.codec, operation };
  };
  return {
    async toWire(name, input) {
      const { codec, operation } = await schemaOf(name);
      const serializer = codec.createSerializer();
      serializer.write(operation.input, input);
      const text = serializer.flush();
      return JSON.parse(typeof text === "string" ? text : new TextDecoder().decode(text));
    },
    async fromWire(name, output) {
      const { codec, operation } = await schemaOf(name);
      const read = await codec.createDeserializer().read(operation.output, Buffer.from(JSON.stringify(output)));
      return typeof read === "object" && read !== null ? read : {};
    },
  };
}
