export { openStore, type Row, type SqlValue, type Statement, type Store, type StoreListeners } from "./store.ts";
export { StoreFailedError } from "./store-failed-error.ts";
