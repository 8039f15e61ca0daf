/** A pasted table as rows of cells: separated by tabs (from a spreadsheet) or commas, quoted cells as CSV has them, empty lines left out. */
export function table(text: string): string[][] {
  const plain = text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n')
  const separator = plain.split('\n', 1)[0]!.includes('\t') ? '\t' : ','
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  const close = () => { rows.at(-1)!.push(cell); cell = '' }
  for (let i = 0; i < plain.length; i++) {
    const sign = plain[i]!
    if (quoted) {
      if (sign !== '"') cell += sign
      else if (plain[i + 1] === '"') { cell += '"'; i += 1 } else quoted = false
    } else if (sign === '"' && cell === '') quoted = true
    else if (sign === separator) close()
    else if (sign === '\n') { close(); rows.push([]) } else cell += sign
  }
  close()
  return rows.filter((row) => row.some((each) => each.trim() !== ''))
}
