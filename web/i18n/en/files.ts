import type { zh } from '../zh/index.ts'

export const files: Record<keyof typeof zh.files, string> = {
  attachments: 'Attachments', add: 'Add files', addTo: 'Add to “{name}”', none: 'Drop files here, or paste a picture', noneTouch: 'Nothing yet; press + to take a photo or choose a file', noneRead: 'No files', drop: 'Let go to upload', uploading: 'Uploading {name}', progress: '{name}, {n}% sent', cancel: 'Cancel {name}', failed: '{name}: {reason}', dismiss: 'Understood',
  added: '{n} file(s) added', removed: '“{name}” removed', remove: 'Remove {name}', open: 'Look at {name}', download: 'Download', downloadNamed: 'Download {name}', unscanned: 'Not scanned', unscannedHelp: 'No virus scanner has seen it yet', infected: 'Infected', infectedHelp: 'The virus scanner refused it; it cannot be opened', pasted: 'Pasted picture {when}', textCut: 'Only the beginning is shown; download it to read all', tooLarge: 'The file is larger than {limit} MB',
}
