/** AWS KMS: symmetric keys that really encrypt. The home's own services accept a key's name and keep their data as it is. */
import { defineService } from "../../define-service.ts";
import { aliasOperations } from "./alias-operations.ts";
import { cryptoOperations } from "./crypto-operations.ts";
import { keyOperations, type OnKey } from "./key-operations.ts";
import { KeyStore } from "./key-store.ts";
import { aliasResource, keyResource } from "./resources.ts";

/** https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html */
export const kms = defineService<typeof import("@aws-sdk/client-kms")>({
  name: "kms",
  signingName: "kms",
  iamPrefix: "kms",
  sdk: () => import("@aws-sdk/client-kms"),
  create(home) {
    const keys = new KeyStore(home);
    const onKey: OnKey = ({ KeyId = "" }) => ({ resource: keys.arn(keys.find(KeyId)?.id ?? KeyId) });
    home.policies.setResourceSource("kms", (arn) => {
      const record = keys.find(arn);
      return record && JSON.parse(record.policy);
    });
    return {
      operations: {
        ...keyOperations(home, keys, onKey),
        ...aliasOperations(keys, onKey),
        ...cryptoOperations(keys, onKey),
      },
      resources: { "AWS::KMS::Key": keyResource(home, keys), "AWS::KMS::Alias": aliasResource(keys) },
    };
  },
});
