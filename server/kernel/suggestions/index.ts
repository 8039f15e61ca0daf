export { maySuggest, suggest, suggestable, suggestionsFor, type Suggestion } from './suggest.ts'
export { decideSuggestion, type DecidedSuggestion } from './decide.ts'
