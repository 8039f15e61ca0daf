import type { zh } from '../zh/index.ts'

export const shell: Record<keyof typeof zh.shell, string> = {
  menu: 'Menu', moreObjects: '{n} more', less: 'Less', skip: 'Skip to content', navigation: 'Main navigation', searchHint: 'Find people, pages, acts', running: 'Operations', myViews: 'My views', switchRole: 'Switch role', theme: 'Appearance', themeSystem: 'System', themeLight: 'Light', themeDark: 'Dark', language: 'Language',
  viewingAs: 'Looking as {name}: nothing can be changed', viewingUntil: 'until {when}, logged', endViewing: 'Leave',
  exports: 'Exports', configuration: 'Configuration files', account: 'Account and devices', signOut: 'Sign out', resetDemo: 'Reset the demo', resetDemoHelp: 'The demo data goes back to its beginning; what you changed in it disappears.',
  command: 'Commands', commandHint: 'A name, a company, the end of a phone number, a page or an act', records: 'Records', pages: 'Pages', acts: 'Acts', createNamed: 'New {name}', commandKeys: '↑↓ choose · Enter open · Esc close', noHit: 'Nothing found for “{text}”',
}
