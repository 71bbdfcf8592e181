export { ownJson, ownWord } from "./own-columns.ts";
export { openStore, type Row, type SqlValue, type Statement, type Store } from "./store.ts";
export { StoreFailedError } from "./store-failed-error.ts";
