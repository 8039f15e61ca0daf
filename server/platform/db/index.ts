export { type Database, type DatabaseChoice, resolveDatabase } from './connect.ts';
export { type Embedded, type EmbeddedOptions, startEmbedded } from './embedded.ts';
export { PRODUCTION_SETTINGS } from './launch.ts';
export { StartRefused } from './refusal.ts';
