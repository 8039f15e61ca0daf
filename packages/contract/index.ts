// The light door: what every room needs to say no. Routes and shapes: #contract/api; the web's client: #contract/client.
export * from './errors.ts'
export * from './json.ts'
