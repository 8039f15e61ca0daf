// The hosted form page: sends answers with where they came from, and reports the visit itself.
const form = document.getElementById('form')
const base = form.dataset.base
const words = document.documentElement.lang.startsWith('zh')
  ? { required: '请填写「{field}」', consent: '请先勾选同意，我们才能联系你', offline: '网络不通，内容还在，请稍后再提交', failed: '没有提交成功，请稍后再试' }
  : { required: 'Please fill in “{field}”', consent: 'Please tick the consent so that we may contact you', offline: 'No connection; your answers are still here, please try again', failed: 'It was not sent; please try again' }

// Storage may be blocked; then every page load is a new visitor.
const storageName = `nextmove.visitor.${form.dataset.form}`
let seenBefore = false
const visitor = (() => {
  try {
    const known = localStorage.getItem(storageName)
    if (known) { seenBefore = true; return known }
    const fresh = newId()
    localStorage.setItem(storageName, fresh)
    return fresh
  } catch { return newId() }
})()

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const parameters = new URLSearchParams(location.search)
// Whoever came by a tracking link is known under the name that it gave; the address that is passed on does not carry it.
const visit = parameters.get('nm_visit')
if (visit) {
  parameters.delete('nm_visit')
  history.replaceState(history.state, '', `${location.pathname}${parameters.size ? `?${parameters}` : ''}${location.hash}`)
}
// A site that embeds or links the form may name the page that the visitor came from.
const pageUrl = parameters.get('page') || location.href
function report(kind, more = {}) {
  const body = JSON.stringify({ form: form.dataset.form, visitor, kind, page: pageUrl.slice(0, 1000), ...more })
  if (!navigator.sendBeacon(`${base}/intake/behaviours`, new Blob([body], { type: 'application/json' }))) fetch(`${base}/intake/behaviours`, { method: 'POST', headers: { 'content-type': 'application/json' }, body, keepalive: true }).catch(() => {})
}

report(seenBefore ? 'return' : 'view')
let visibleSince = document.visibilityState === 'visible' ? performance.now() : null
let dwelt = 0
let reported = 0
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') { visibleSince = performance.now(); return }
  if (visibleSince !== null) dwelt += performance.now() - visibleSince
  visibleSince = null
  const seconds = Math.round(dwelt / 1000) - reported
  if (seconds >= 3) { reported += seconds; report('dwell', { seconds }) }
})
for (const link of document.querySelectorAll('[data-material]')) link.addEventListener('click', () => report('download', { material: link.dataset.material }))

const problem = document.getElementById('problem')
form.addEventListener('submit', (event) => void send(event))
async function send(event) {
  event.preventDefault()
  for (const field of form.elements) field.removeAttribute('aria-invalid')
  const missing = [...form.elements].find((field) => field.required && (field.type === 'checkbox' ? !field.checked : !field.value.trim()))
  if (missing) return refuse(missing.name === 'consent' ? words.consent : words.required.replace('{field}', form.querySelector(`label[for="${missing.id}"]`)?.firstChild?.textContent ?? ''), missing)
  const button = form.querySelector('button')
  button.disabled = true
  try {
    const answers = Object.fromEntries([...new FormData(form)])
    const context = { _page_url: pageUrl, _referrer: document.referrer, _visitor: visitor, ...(visit ? { _visit: visit } : {}) }
    for (const name of ['utm_source', 'utm_medium', 'utm_campaign', 'utm_content', 'utm_term']) if (parameters.get(name)) context[name] = parameters.get(name)
    const response = await fetch(form.action, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json', 'idempotency-key': form.dataset.sending ??= newId() }, body: JSON.stringify({ ...answers, ...context }) })
    if (response.ok) return thank()
    delete form.dataset.sending
    const { error } = await response.json()
    refuse([error?.message, error?.remedy].filter(Boolean).join('，') || words.failed)
  } catch { refuse(words.offline) } finally { button.disabled = false }
}

function refuse(sentence, field) {
  problem.textContent = sentence
  problem.hidden = false
  field?.setAttribute('aria-invalid', 'true')
  field?.focus()
}
function thank() {
  form.hidden = true
  const thanks = document.getElementById('thanks')
  thanks.hidden = false
  thanks.focus()
}
