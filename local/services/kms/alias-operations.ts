/** Aliases of keys. Source: https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html */
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import type { OnKey } from "./key-operations.ts";
import type { KeyStore } from "./key-store.ts";

type Sdk = typeof import("@aws-sdk/client-kms");
type AliasOperations = Pick<Operations<Sdk>, "CreateAlias" | "UpdateAlias" | "DeleteAlias" | "ListAliases">;

const NAME = /^alias\/[a-zA-Z0-9/_-]{1,250}$/;
const MAX_PAGE = 100;

export function aliasOperations(keys: KeyStore, onKey: OnKey): AliasOperations {
  const onBoth = ({
    AliasName = "",
    TargetKeyId,
  }: {
    AliasName?: string | undefined;
    TargetKeyId?: string | undefined;
  }) => [{ resource: keys.aliasArn(AliasName) }, onKey({ KeyId: TargetKeyId ?? keys.alias(AliasName)?.keyId })];
  const existing = (name: string) => {
    const alias = keys.alias(name);
    if (alias === undefined) throw new AwsError("NotFoundException", `Alias ${keys.aliasArn(name)} is not found.`);
    return alias;
  };
  return {
    CreateAlias: {
      authorize: onBoth,
      handle({ AliasName = "", TargetKeyId = "" }) {
        checkAliasName(AliasName);
        const { id } = keys.get(TargetKeyId);
        if (keys.alias(AliasName) !== undefined) {
          const message = `An alias with the name ${keys.aliasArn(AliasName)} already exists`;
          throw new AwsError("AlreadyExistsException", message);
        }
        keys.putAlias(AliasName, id);
        return {};
      },
    },
    UpdateAlias: {
      authorize: onBoth,
      handle({ AliasName = "", TargetKeyId = "" }) {
        keys.putAlias(existing(AliasName).name, keys.get(TargetKeyId).id);
        return {};
      },
    },
    DeleteAlias: {
      authorize: onBoth,
      handle({ AliasName = "" }) {
        keys.dropAlias(existing(AliasName).name);
        return {};
      },
    },
    ListAliases: {
      handle({ KeyId, Limit = MAX_PAGE, Marker }) {
        const of = KeyId === undefined ? undefined : keys.get(KeyId).id;
        const rest = keys
          .aliases()
          .filter(({ name, keyId }) => (of === undefined || keyId === of) && (Marker === undefined || name > Marker));
        const page = rest.slice(0, Limit);
        const truncated = rest.length > page.length;
        return {
          Aliases: page.map(({ name, keyId, createdMs, updatedMs }) => ({
            AliasName: name,
            AliasArn: keys.aliasArn(name),
            TargetKeyId: keyId,
            CreationDate: new Date(createdMs),
            LastUpdatedDate: new Date(updatedMs),
          })),
          Truncated: truncated,
          ...(truncated ? { NextMarker: page.at(-1)?.name } : {}),
        };
      },
    },
  };
}

/** @throws AwsError InvalidAliasNameException, ValidationException */
export function checkAliasName(name: string): void {
  if (name.startsWith("alias/aws/")) {
    throw new AwsError("NotAuthorizedException", "alias/aws/ is reserved for the keys of AWS services");
  }
  if (NAME.test(name)) return;
  throw new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${name.slice(0, 300)}' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^alias/[a-zA-Z0-9/_-]+$`,
  );
}
