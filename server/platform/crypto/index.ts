export { acceptedStep, base32, recoveryCodes, STEP_SECONDS, stepOf, totpAt, type TotpHash, totpSecret, totpUri } from './totp.ts'
export { hmac, sameSecret, secretToken, sha256 } from './tokens.ts'
export { hashPassword, PASSWORD_MAX, PasswordsBusy, verifyPassword } from './passwords.ts'
export { fingerprintOf, openSigner, signed, type Signer, trustedKeys } from './signer.ts'
