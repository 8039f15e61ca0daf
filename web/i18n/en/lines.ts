export const lines = {
  add: 'Add a row', edit: 'Edit rows', remove: 'Remove', removeNo: 'Remove row {n}', rowNo: 'Row {n}', none: 'No rows yet', saved: 'Rows saved',
}
