export { signature, webhookChannel, type WebhookOptions } from './webhook.ts'
